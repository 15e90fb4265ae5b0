import { defineConfig } from 'vitest/config';

// unit: pure code and fast adapters, part of `npm run check`. real: ptys, git, the built program.
export default defineConfig({
  test: {
    globalSetup: 'test/support/one-temporary-folder.ts',
    env: { NO_COLOR: '', FORCE_COLOR: '' },
    projects: [
      // Long, so that a busy machine fails nothing: what hangs is told a little later.
      { test: { name: 'unit', include: ['test/{unit,machines}/**/*.test.{ts,tsx}'], testTimeout: 60_000 } },
      {
        test: {
          name: 'real',
          globalSetup: 'test/support/real-programs.ts',
          include: ['test/{contracts,pty,e2e}/**/*.test.{ts,tsx}'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          pool: 'forks',
        },
      },
    ],
  },
});
