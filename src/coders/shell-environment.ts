/** Relative to the coder's `HOME`. Interactive shells read it by themselves, and one whose standard input is a socket reads nothing else. */
const scriptPath = '.bashrc'

/**
 * A coder has variables of its own, with the address and token of its model. The commands it runs must not call models by them: their
 * calls would count as the coder's. Bash reads the file that `BASH_ENV` names before a command given with `-c`, so there the
 * coder's variables go, and the experiment's own come back.
 * This keeps the accounts apart, not secrets: whoever looks for the token finds it, and it opens nothing but this experiment's gateway.
 */
export function separateShell(
  own: Readonly<Record<string, string>>,
  experiment: Readonly<Record<string, string>>,
): { readonly environment: Record<string, string>; readonly homeFiles: Record<string, string> } {
  const lines = Object.keys({ ...own, BASH_ENV: '' }).map((name) => {
    const value = experiment[name]
    return value === undefined ? `unset ${name}` : `export ${name}=${quote(value)}`
  })
  return {
    // bash itself expands it; where the home folder lies is known only inside
    environment: { ...experiment, ...own, BASH_ENV: `$HOME/${scriptPath}` },
    homeFiles: { [scriptPath]: `${lines.join('\n')}\n` },
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
