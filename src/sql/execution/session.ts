/** The database that the engine's schema `public` belongs to. */
export const ownDatabase = 'MILLRACE'

/** The schema that every database has. */
export const publicSchema = 'PUBLIC'

/** What a script has said by USE, or by making it: names are looked up there. */
export interface Session {
  readonly database: string | undefined
  readonly schema: string | undefined
  readonly warehouse: string | undefined
}

/** How every script begins. */
export const firstSession: Session = { database: ownDatabase, schema: publicSchema, warehouse: undefined }
