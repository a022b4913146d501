// Serves objects of 2 to 5 KB to anyone who asks, from memory: what is measured is the client. Sends its address to the parent.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const bodies = Array.from({ length: 16 }, (_, index) => Buffer.alloc(2000 + index * 200, `object ${index} `))
const answers = bodies.map((body) => ({
  body,
  headers: {
    'content-length': body.length,
    'content-type': 'binary/octet-stream',
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    'last-modified': 'Sat, 21 Nov 2026 16:00:00 GMT',
    'accept-ranges': 'bytes',
    'x-amz-request-id': '4442587FB7D0A2F9',
    'x-amz-id-2': 'vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo=',
    server: 'AmazonS3',
  },
}))

const server = createServer((request, response) => {
  // Keys end in their number: …-123.log.gz
  const number = Number(/-(\d+)\.log\.gz/.exec(request.url)?.[1])
  const { body, headers } = answers[number % answers.length]
  response.writeHead(200, headers)
  response.end(body)
})
server.keepAliveTimeout = 60_000
server.listen({ host: '127.0.0.1', port: 0 }, () => {
  process.send({ url: `http://127.0.0.1:${server.address().port}`, sizes: bodies.map(({ length }) => length) })
})
process.on('disconnect', () => process.exit())
