import type { Place } from '../place.ts'
import type { Template, TemplateResource, Written } from './template.ts'

/** A file of a CDK app: its path within the app's folder, and its text. */
export interface AppFile {
  readonly path: string
  readonly text: string
}

/** The CLI reads what libraries before it write, not what later ones do; its 3.0.0 is older than what this library needs. */
const versions = {
  'aws-cdk': '^2.1148.1',
  'aws-cdk-lib': '~2.275.0',
  constructs: '^10.8.1',
  tsx: '^4.0.0',
  typescript: '^5.6.0',
}

/** A CDK app in TypeScript whose stack synthesizes to a template. Pure. */
export function cdkApp(name: string, place: Place, { template, remarks }: Written): AppFile[] {
  const { accountId: account, region } = place
  const { 'aws-cdk': cdk, tsx, typescript, ...dependencies } = versions
  return [
    {
      path: 'package.json',
      text: json({
        name,
        private: true,
        type: 'module',
        scripts: { synth: 'cdk synth', diff: 'cdk diff', deploy: 'cdk deploy', check: 'tsc --noEmit' },
        dependencies,
        devDependencies: { 'aws-cdk': cdk, tsx, typescript },
      }),
    },
    { path: 'cdk.json', text: json({ app: `tsx bin/${name}.ts` }) },
    {
      path: 'tsconfig.json',
      text: json({
        compilerOptions: {
          target: 'es2022',
          module: 'nodenext',
          strict: true,
          noEmit: true,
          allowImportingTsExtensions: true,
          skipLibCheck: true,
        },
        include: ['bin', 'lib'],
      }),
    },
    {
      path: `bin/${name}.ts`,
      text: `import { App } from 'aws-cdk-lib'
import { LogStack } from '../lib/log-stack.ts'

new LogStack(new App(), ${text(name)}, { env: ${text({ account, region })} })
`,
    },
    { path: 'lib/log-stack.ts', text: stackText(template, remarks) },
  ]
}

function stackText({ Description, Resources }: Template, remarks: readonly string[]): string {
  const entries = Object.entries(Resources)
  const body = [...entries.map(resourceText), ...entries.flatMap(dependencyText)]
  const imports = ['CfnResource', ...(entries.some(([, one]) => one.DeletionPolicy) ? ['RemovalPolicy'] : [])]
  return `import { ${imports.join(', ')}, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/** What logs need in one account and region. */
export class LogStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { description: ${text(Description)}, ...props })

${remarks.map((remark) => `    // ${remark}\n`).join('')}${body.join('\n')}
  }
}
`
}

function resourceText([id, { Type, Properties, DeletionPolicy }]: [string, TemplateResource]): string {
  const made = `new CfnResource(this, ${text(id)}, { type: ${text(Type)}, properties: ${text(Properties)} })`
  const lines = `const ${variable(id)} = ${made}`.replaceAll('\n', '\n    ')
  const kept = DeletionPolicy === undefined ? '' : `\n    ${variable(id)}.applyRemovalPolicy(RemovalPolicy.RETAIN)`
  return `    ${lines}${kept}`
}

function dependencyText([id, { DependsOn = [] }]: [string, TemplateResource]): string[] {
  return DependsOn.map((other) => `    ${variable(id)}.addResourceDependency(${variable(other)})`)
}

/** JSON is an expression of TypeScript. */
function text(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function variable(id: string): string {
  return id.charAt(0).toLowerCase() + id.slice(1)
}

function json(value: object): string {
  return `${text(value)}\n`
}
