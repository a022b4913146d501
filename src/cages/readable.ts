import { existsSync, lstatSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'

/** A package, as Node finds it from a folder: the first one in a `node_modules` upwards. */
function placeOf(name: string, from: string): string | undefined {
  const place = join(from, 'node_modules', name)
  if (existsSync(place)) return place
  return dirname(from) === from ? undefined : placeOf(name, dirname(from))
}

/** The links on the way to a file. */
function linksTo(path: string): string[] {
  const parts = path.split(sep)
  return parts
    .map((_, index) => parts.slice(0, index + 1).join(sep))
    .filter((prefix) => prefix !== '' && lstatSync(prefix).isSymbolicLink())
}

/** What a program in a folder must be allowed to read, so that it can load packages: their files, and the links to them. A package may be one of another's. */
export function readableFor(folder: string, packages: readonly string[]): string[] {
  const own = realpathSync(folder)
  const places: string[] = []
  for (const name of packages)
    places.push(...[own, ...places.map((place) => realpathSync(place))].flatMap((from) => placeOf(name, from) ?? []))
  const folders = [own, ...new Set(places.map((place) => realpathSync(place)))]
  return [...folders.map((path) => join(path, '*')), ...new Set(places.flatMap(linksTo))]
}
