// nginx as an S3 for reading: a folder's files as the objects of the bucket `logs`, and pages of their list, made ahead.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, relative } from 'node:path'
import { filesBelow } from './inputs.mjs'
import { scratch } from './measure.mjs'

const pageSize = 1000

/** Serves a folder on loopback until `stop`. `keys` are the names of its objects. */
export async function serveBucket(folder) {
  const place = scratch('nginx')
  rmSync(place, { recursive: true, force: true })
  mkdirSync(join(place, 'pages'), { recursive: true })
  symlinkSync(folder, join(place, 'logs'))
  const objects = filesBelow(folder).map((path) => {
    const { size, mtimeMs } = statSync(path)
    return { key: relative(folder, path), size, mtimeMs }
  })
  for (let page = 0; page === 0 || page * pageSize < objects.length; page++)
    writeFileSync(join(place, 'pages', `${page}.xml`), pageOf(objects, page))
  const port = await freePort()
  const config = join(place, 'nginx.conf')
  writeFileSync(config, configFor(place, port))
  const nginx = spawn('nginx', ['-p', place, '-c', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  await untilAnswered(`http://127.0.0.1:${port}/pages/0.xml`)
  return {
    url: `http://127.0.0.1:${port}`,
    keys: objects.map(({ key }) => key),
    stop: async () => {
      nginx.kill('SIGTERM')
      await once(nginx, 'exit')
      rmSync(place, { recursive: true, force: true })
    },
  }
}

/** ETags as nginx gives them: hexadecimal time and size. */
function pageOf(objects, page) {
  const part = objects.slice(page * pageSize, (page + 1) * pageSize)
  const isLast = (page + 1) * pageSize >= objects.length
  const contents = part.map(
    ({ key, size, mtimeMs }) =>
      `<Contents><Key>${encodeURIComponent(key).replaceAll('%2F', '/')}</Key><LastModified>${new Date(mtimeMs).toISOString()}</LastModified><ETag>&quot;${Math.floor(mtimeMs / 1000).toString(16)}-${size.toString(16)}&quot;</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  )
  const next = isLast ? '' : `<NextContinuationToken>${page + 1}</NextContinuationToken>`
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>logs</Name><Prefix></Prefix><KeyCount>${part.length}</KeyCount><MaxKeys>${pageSize}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${!isLast}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`
}

function configFor(place, port) {
  return `daemon off;
master_process off;
pid ${place}/nginx.pid;
error_log ${place}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  default_type application/octet-stream;
  map $args $page {
    default "";
    "~continuation-token=(?<token>[0-9]+)" /pages/$token.xml;
    "~list-type=2" /pages/0.xml;
  }
  server {
    listen 127.0.0.1:${port};
    root ${place};
    location /pages/ { types { } default_type application/xml; }
    location / {
      if ($page != "") { rewrite ^ $page last; }
    }
  }
}
`
}

async function freePort() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

async function untilAnswered(url) {
  for (;;) {
    try {
      await (await fetch(url)).text()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
