import { runDemoAgent } from '../../src/agents/demo/demo-agent.ts';

const { env, stdin, stdout } = process;
process.exitCode = await runDemoAgent({ argv: process.argv.slice(2), env, stdin, stdout, cwd: process.cwd() });
