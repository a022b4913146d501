import { join } from 'node:path'
import { messageOf } from '../errors.ts'
import { TextFolder } from '../text-folder/text-folder.ts'
import type { StoredWorksheet, Worksheet, WorksheetEntry } from './shape.ts'
import { parseWorksheet, printWorksheet } from './text.ts'

/** Saved worksheets of a lake: one SQL file each in its folder. */
export class WorksheetStore {
  private readonly folder: TextFolder

  constructor(lakeDirectory: string) {
    this.folder = new TextFolder(join(lakeDirectory, 'worksheets'), {
      noun: 'worksheet',
      ending: '.sql',
      missing: 'WORKSHEET_MISSING',
    })
  }

  /** Every worksheet by title. A file that cannot be read is listed with its fault. */
  async list(): Promise<WorksheetEntry[]> {
    const entries = await Promise.all(
      (await this.folder.names()).map(async (name): Promise<WorksheetEntry> => {
        try {
          return { name, title: (await this.read(name)).worksheet.title }
        } catch (error) {
          return { name, title: name, fault: messageOf(error) }
        }
      }),
    )
    return entries.toSorted((one, other) => one.title.localeCompare(other.title, 'en'))
  }

  async read(name: string): Promise<StoredWorksheet> {
    const text = await this.folder.read(name)
    if (text === undefined) throw this.folder.missing(name)
    return { name, worksheet: parseWorksheet(name, text) }
  }

  /** Writes a worksheet's file as a whole; the last writer wins. */
  async write(name: string, worksheet: Worksheet): Promise<StoredWorksheet> {
    await this.folder.write(name, printWorksheet(worksheet))
    return this.read(name)
  }

  remove(name: string): Promise<void> {
    return this.folder.remove(name)
  }
}
