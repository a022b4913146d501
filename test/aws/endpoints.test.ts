import { describe, expect, test } from 'vitest'
import { bucketAddress } from '../../src/aws/bucket-address.ts'
import { encodePath, encodeQuery } from '../../src/aws/encode.ts'
import { customEndpoint, readEndpoints } from '../../src/aws/endpoints.ts'

describe('endpoints', () => {
  test("are AWS's own, by service and region", () => {
    const endpoints = readEndpoints({})
    expect(endpoints('s3', 'eu-west-1')).toEqual({
      origin: 'https://s3.eu-west-1.amazonaws.com',
      host: 's3.eu-west-1.amazonaws.com',
      basePath: '',
      isCustom: false,
    })
    expect(endpoints('sqs', 'cn-north-1').origin).toBe('https://sqs.cn-north-1.amazonaws.com.cn')
    expect(endpoints('sts', 'us-gov-west-1').host).toBe('sts.us-gov-west-1.amazonaws.com')
    expect(() => endpoints('s3', 'evil.example/')).toThrow(expect.objectContaining({ code: 'SETTING_INVALID' }))
  })

  test('are those of the environment, that of the service first', () => {
    const environment = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/base/',
      AWS_ENDPOINT_URL_STS: 'https://sts.example:443',
    }
    const endpoints = readEndpoints(environment)
    expect(endpoints('s3', 'eu-west-1')).toEqual({
      origin: 'http://127.0.0.1:9000',
      host: '127.0.0.1:9000',
      basePath: '/base',
      isCustom: true,
    })
    expect(endpoints('sts', 'eu-west-1')).toMatchObject({ origin: 'https://sts.example', host: 'sts.example' })
    const ignoring = readEndpoints({ ...environment, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' })
    expect(ignoring('s3', 'eu-west-1').isCustom).toBe(false)
  })

  test.each(['ftp://x', 'x', 'http://user:hunter2@x', 'http://x?a=hunter2'])('are refused when wrong: %s', (url) => {
    expect(() => readEndpoints({ AWS_ENDPOINT_URL_S3: url })).toThrow(
      /^AWS_ENDPOINT_URL_S3 is no address of a service\./,
    )
    expect(() => readEndpoints({ AWS_ENDPOINT_URL_S3: url })).not.toThrow(/hunter2/)
  })
})

describe('a bucket', () => {
  const aws = readEndpoints({})('s3', 'eu-west-1')
  const custom = customEndpoint('http://127.0.0.1:9000/base', 'The endpoint')

  test('stands in the host where the certificate allows it', () => {
    expect(bucketAddress(aws, 'my-logs', 'auto')).toEqual({
      origin: 'https://my-logs.s3.eu-west-1.amazonaws.com',
      host: 'my-logs.s3.eu-west-1.amazonaws.com',
      path: '/',
    })
    for (const name of ['my.logs', 'My_Logs'])
      expect(bucketAddress(aws, name, 'auto')).toEqual({
        origin: 'https://s3.eu-west-1.amazonaws.com',
        host: 's3.eu-west-1.amazonaws.com',
        path: `/${name}/`,
      })
  })

  test('stands in the path of other endpoints, unless told otherwise', () => {
    expect(bucketAddress(custom, 'logs', 'auto')).toMatchObject({ host: '127.0.0.1:9000', path: '/base/logs/' })
    expect(bucketAddress(custom, 'logs', 'virtual')).toEqual({
      origin: 'http://logs.127.0.0.1:9000',
      host: 'logs.127.0.0.1:9000',
      path: '/base/',
    })
    expect(bucketAddress(aws, 'logs', 'path')).toMatchObject({ path: '/logs/' })
  })

  test.each(['', 'a', 'a/b', 'evil.example/', 'a b', 'a@b', 'a:1', 'ä-logs', '..', '...'])('is not %s', (name) => {
    expect(() => bucketAddress(aws, name, 'auto')).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

test('what is encoded', () => {
  expect(encodePath("/a b/ü+%=&/../'(*)!\u0000")).toBe('/a%20b/%C3%BC%2B%25%3D%26/../%27%28%2A%29%21%00')
  expect(encodeQuery({ b: '2', 'a-b': '1', a: '=/ ', none: undefined, 'list-type': '' })).toBe(
    'a=%3D%2F%20&a-b=1&b=2&list-type=',
  )
  expect(() => encodePath('\ud800')).toThrow(URIError)
})
