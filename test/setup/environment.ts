// Test files share a process. What one sets, such as AWS_ENDPOINT_URL, is not there for the next.
import { firstEnvironment } from './first-environment.ts'

for (const name of Object.keys(process.env)) if (!(name in firstEnvironment)) delete process.env[name]
Object.assign(process.env, firstEnvironment)
