import type { LogType, Sample } from '../log-type/log-type.ts'

/** With exactly two spaces, each of the three words is at least one character long. */
const isRequestLine = `request like '_% _% HTTP/_%' and request not like '% % % %'`

const webAccessLogs: LogType = {
  name: 'web-access-logs',
  table: 'web_access_logs',
  title: 'Web server access logs',
  doc: 'Requests to a web server, one row per request, in the combined log format of Apache and nginx or in the common log format, which lacks the last two fields.',
  columns: [
    {
      name: 'remote_host',
      kind: 'text',
      doc: 'Address of the client, or its host name where the server looks names up.',
    },
    {
      name: 'ident',
      kind: 'text',
      doc: 'Identity that the client reported by the ident protocol. Nearly always NULL.',
    },
    { name: 'remote_user', kind: 'text', doc: 'User name of HTTP authentication. NULL where there was none.' },
    {
      name: 'time',
      kind: 'clf-time',
      doc: "When the server received the request (Apache) or answered it (nginx), to the second, turned from the server's time zone into UTC.",
    },
    {
      name: 'request',
      kind: 'uri',
      doc: 'First line of the request: method, target and protocol, or whatever the client sent instead; signatures and tokens are redacted.',
    },
    { name: 'status', kind: 'integer', doc: 'HTTP status of the final response.' },
    {
      name: 'bytes',
      kind: 'bigint',
      doc: 'Bytes of the response without its headers. NULL where Apache sent none; nginx writes 0.',
    },
    {
      name: 'referer',
      kind: 'uri',
      doc: 'The Referer header, as the client sent it; signatures and tokens are redacted. NULL where there was none, and in the common format.',
    },
    {
      name: 'user_agent',
      kind: 'text',
      doc: 'The User-Agent header, as the client sent it. NULL where there was none, and in the common format.',
    },
  ],
  text: {
    kernel: 'layout',
    tokens: [
      { column: 'remote_host', token: 'word' },
      { column: 'ident', token: 'word' },
      { column: 'remote_user', token: 'word' },
      { column: 'time', token: 'bracketed' },
      { column: 'request', token: 'quoted' },
      { column: 'status', token: 'word' },
      { column: 'bytes', token: 'word' },
      { column: 'referer', token: 'quoted' },
      { column: 'user_agent', token: 'quoted' },
    ],
  },
  wrapped: false,
  json: false,
  derived: [
    {
      name: 'method',
      sql: `case when ${isRequestLine} then split_part(request, ' ', 1) end`,
      doc: 'Method of the request, such as GET. NULL where the request is not `METHOD target HTTP/version`.',
    },
    {
      name: 'path',
      sql: `case when ${isRequestLine} then split_part(split_part(request, ' ', 2), '?', 1) end`,
      doc: 'Target of the request without its query string. NULL where the request is not `METHOD target HTTP/version`.',
    },
    {
      name: 'protocol',
      sql: `case when ${isRequestLine} then split_part(request, ' ', 3) end`,
      doc: 'Protocol of the request, such as HTTP/1.1. NULL where the request is not `METHOD target HTTP/version`.',
    },
  ],
  recognises(sample: Sample): boolean {
    return sample.form === 'text' && /^\S+ \S+ \S+ \[\d{2}\/[A-Z][a-z]{2}\/\d{4}:[^\]]*\] "/.test(sample.firstLine)
  },
  example: `203.0.113.7 - alice [10/Oct/2026:13:55:36 +0200] "GET /orders?id=7 HTTP/1.1" 200 2326 "https://example.com/" "Mozilla/5.0 (X11; Linux x86_64)"
203.0.113.7 - - [10/Oct/2026:13:55:37 +0200] "GET /favicon.ico HTTP/1.1" 404 153`,
}

export default webAccessLogs
