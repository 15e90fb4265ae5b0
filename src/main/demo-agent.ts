import { runDemoAgent } from '../agents/demo/demo-agent.ts';

export async function main(argv: string[]): Promise<number> {
  const { env, stdin, stdout } = process;
  const status = await runDemoAgent({ argv, env, stdin, stdout, cwd: process.cwd() });
  process.exit(status);
}
