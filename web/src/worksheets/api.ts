import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import {
  storedWorksheetShape,
  type StoredWorksheet,
  type Worksheet,
  worksheetEntryShape,
} from '../../../src/worksheet/shape.ts'
import { valueOf } from '../api/connection.ts'

export const worksheetsQuery = queryOptions({
  queryKey: ['worksheets'],
  queryFn: ({ signal }) => valueOf({ path: '/worksheets', signal }, z.array(worksheetEntryShape)),
})

export function worksheetQuery(name: string) {
  return queryOptions({
    queryKey: ['worksheet', name],
    queryFn: ({ signal }) => valueOf({ path: `/worksheets/${name}`, signal }, storedWorksheetShape),
    // Read anew at each opening: its file may have been changed by hand.
    staleTime: Infinity,
    gcTime: 0,
  })
}

export function writeWorksheet(name: string, worksheet: Worksheet): Promise<StoredWorksheet> {
  return valueOf({ method: 'PUT', path: `/worksheets/${name}`, body: worksheet }, storedWorksheetShape)
}

export function removeWorksheet(name: string): Promise<unknown> {
  return valueOf({ method: 'DELETE', path: `/worksheets/${name}` }, z.object({}))
}
