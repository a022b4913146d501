function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}

/** Whether a URL is a location or stands beneath it; `*` is every location. `s3://b/p` does not hold `s3://b/p2/`. */
function holds(location: string, url: string): boolean {
  return location === '*' || withSlash(url).startsWith(withSlash(location))
}

/** Why an integration does not let a URL be reached; undefined where it does. */
export function whyNotAllowed(
  url: string,
  allowed: readonly string[],
  blocked: readonly string[],
): 'not allowed' | 'blocked' | undefined {
  if (blocked.some((location) => holds(location, url))) return 'blocked'
  return allowed.some((location) => holds(location, url)) ? undefined : 'not allowed'
}
