import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/support/only-loopback.ts'],
    globalSetup: ['test/support/announce-skips.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
