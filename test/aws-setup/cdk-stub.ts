/** What the generated app uses of the CDK, in its own types: it gathers resources, and prints them when the program ends. */
export const cdkStub = [
  {
    path: 'node_modules/aws-cdk-lib/package.json',
    text: JSON.stringify({ type: 'module', exports: { '.': { types: './index.d.ts', default: './index.js' } } }),
  },
  {
    path: 'node_modules/aws-cdk-lib/index.d.ts',
    text: `import type { Construct } from 'constructs'
export declare class App implements Construct {
  readonly children: unknown[]
}
export interface StackProps {
  readonly description?: string
  readonly env?: { readonly account?: string; readonly region?: string }
}
export declare class Stack implements Construct {
  readonly children: unknown[]
  constructor(scope?: Construct, id?: string, props?: StackProps)
}
export declare enum RemovalPolicy {
  RETAIN = 'retain',
}
export declare class CfnResource {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly type: string; readonly properties?: { [name: string]: unknown } },
  )
  addResourceDependency(target: CfnResource): void
  applyRemovalPolicy(policy?: RemovalPolicy): void
}
`,
  },
  {
    path: 'node_modules/aws-cdk-lib/index.js',
    text: `// What the generated app uses of the CDK: it gathers resources, and prints them when the program ends.
export class App {}
export const RemovalPolicy = { RETAIN: 'retain' }
export class Stack {
  resources = {}
  constructor(_scope, _id, { description, env }) {
    process.on('exit', () =>
      process.stdout.write(JSON.stringify({ Description: description, env, Resources: this.resources })),
    )
  }
}
export class CfnResource {
  constructor(stack, id, { type, properties }) {
    this.id = id
    this.made = stack.resources[id] = { Type: type, Properties: properties }
  }
  addResourceDependency({ id }) {
    this.made.DependsOn = [...(this.made.DependsOn ?? []), id]
  }
  applyRemovalPolicy(policy) {
    if (policy !== RemovalPolicy.RETAIN) throw new Error('This policy is not known here.')
    Object.assign(this.made, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
  }
}
`,
  },
  {
    path: 'node_modules/constructs/package.json',
    text: JSON.stringify({ type: 'module', exports: { '.': { types: './index.d.ts', default: './index.js' } } }),
  },
  {
    path: 'node_modules/constructs/index.d.ts',
    text: `export declare class Construct {
  readonly children: unknown[]
  constructor(scope?: Construct, id?: string)
}
`,
  },
  {
    path: 'node_modules/constructs/index.js',
    text: `export class Construct {}
`,
  },
]
