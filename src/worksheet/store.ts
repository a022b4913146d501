import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import { TextFolder } from '../text-folder/text-folder.ts'
import type { StoredWorksheet, Worksheet, WorksheetEntry } from './shape.ts'
import { parseWorksheet, printWorksheet } from './text.ts'
import { programFolder } from '../program.ts'

/** Worksheets of a lake: one SQL file each in its folder, before those that come with Millrace. */
export class WorksheetStore {
  private readonly folder: TextFolder

  constructor(lakeDirectory: string) {
    this.folder = new TextFolder(join(lakeDirectory, 'worksheets'), {
      noun: 'worksheet',
      ending: '.sql',
      builtIn: new URL('worksheets/', programFolder),
      missing: 'WORKSHEET_MISSING',
    })
  }

  /** Every worksheet by title. A file that cannot be read is listed with its fault. */
  async list(): Promise<WorksheetEntry[]> {
    const entries = await Promise.all(
      (await this.folder.names()).map(async ({ name, isBuiltIn }): Promise<WorksheetEntry> => {
        try {
          const { origin, worksheet } = await this.read(name)
          return { name, origin, title: worksheet.title }
        } catch (error) {
          return { name, origin: isBuiltIn ? 'changed' : 'lake', title: name, fault: messageOf(error) }
        }
      }),
    )
    return entries.toSorted((one, other) => one.title.localeCompare(other.title, 'en'))
  }

  async read(name: string): Promise<StoredWorksheet> {
    const { text, origin } = await this.folder.read(name)
    return { name, origin, worksheet: parseWorksheet(name, text) }
  }

  /** Writes a worksheet's file as a whole; the last writer wins. A built-in one gets a copy in the lake, which is shown from then on. */
  async write(name: string, worksheet: Worksheet): Promise<StoredWorksheet> {
    await this.folder.write(name, printWorksheet(worksheet))
    return this.read(name)
  }

  /** Deletes the lake's file; a built-in worksheet is then shown as shipped. */
  remove(name: string): Promise<void> {
    return this.folder.remove(name)
  }
}
