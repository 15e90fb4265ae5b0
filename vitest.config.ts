import { defineConfig } from 'vitest/config';

// unit: pure code and fast adapters, part of `npm run check`. real: ptys, git, the built program.
export default defineConfig({
  test: {
    env: { NO_COLOR: '', FORCE_COLOR: '' },
    projects: [
      { test: { name: 'unit', include: ['test/{unit,machines}/**/*.test.{ts,tsx}'] } },
      {
        test: {
          name: 'real',
          include: ['test/{contracts,pty,e2e}/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
        },
      },
    ],
  },
});
