import './loopback-guard.ts'

// provider keys found in the environment are removed before any test can read them
for (const name of Object.keys(process.env)) if (/_(API_)?(KEY|TOKEN)$/.test(name)) delete process.env[name]
