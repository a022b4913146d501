/** A cell by its place in a result. */
export interface CellPlace {
  readonly row: number
  readonly column: number
}

interface Key {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** The cell that a key leads to; undefined for keys that move nothing. `page` is how many rows are in sight. */
export function cellAfter(
  { key, ctrlKey, metaKey }: Key,
  { row, column }: CellPlace,
  { rows, columns, page }: { readonly rows: number; readonly columns: number; readonly page: number },
): CellPlace | undefined {
  const far = ctrlKey || metaKey
  const place = ((): CellPlace | undefined => {
    switch (key) {
      case 'ArrowUp':
        return { row: far ? 0 : row - 1, column }
      case 'ArrowDown':
        return { row: far ? rows - 1 : row + 1, column }
      case 'ArrowLeft':
        return { row, column: far ? 0 : column - 1 }
      case 'ArrowRight':
        return { row, column: far ? columns - 1 : column + 1 }
      case 'PageUp':
        return { row: row - page, column }
      case 'PageDown':
        return { row: row + page, column }
      case 'Home':
        return { row: far ? 0 : row, column: 0 }
      case 'End':
        return { row: far ? rows - 1 : row, column: columns - 1 }
      default:
        return undefined
    }
  })()
  if (place === undefined || rows === 0 || columns === 0) return undefined
  return {
    row: Math.min(rows - 1, Math.max(0, place.row)),
    column: Math.min(columns - 1, Math.max(0, place.column)),
  }
}
