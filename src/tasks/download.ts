import { fetch } from 'undici'
import { PrerequisiteError, describeError } from '../base/errors.ts'

interface DownloadOptions {
  readonly signal: AbortSignal | undefined
  /** Longest silence before or between bytes, in milliseconds. */
  readonly stallTimeoutMs: number
}

interface Download {
  /** May reject with a PrerequisiteError when the connection breaks or falls silent. */
  readonly bytes: AsyncGenerator<Uint8Array>
  /** What the server announced; null when it did not. */
  readonly totalBytes: number | null
}

/**
 * Starts a download and follows redirects. Rejects with a PrerequisiteError when the server cannot be reached, falls
 * silent, or answers with anything but the file; with the signal's reason when that is aborted.
 */
export async function download(url: URL, options: DownloadOptions): Promise<Download> {
  const watch = watchForSilence(options)
  const shownUrl = `${url.origin}${url.pathname}`
  try {
    const response = await fetch(url, { signal: watch.signal })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw new PrerequisiteError(statusMessage(response.status, shownUrl))
    }
    const announced = Number(response.headers.get('content-length') ?? Number.NaN)
    // a decoded body is longer than its announced length
    const isPlain = response.headers.get('content-encoding') === null
    return {
      bytes: watched(response.body, { watch, shownUrl }),
      totalBytes: isPlain && Number.isSafeInteger(announced) ? announced : null,
    }
  } catch (error) {
    watch.stop()
    throw watch.explain(error, `${shownUrl} cannot be reached`)
  }
}

function statusMessage(status: number, shownUrl: string): string {
  const meaning = status === 404 || status === 410 ? 'there is nothing at' : 'the server refuses'
  const advice = status === 429 || status >= 500 ? 'Try again later' : 'Check the URL'
  return `HTTP ${status}: ${meaning} ${shownUrl}. ${advice}, or download the archive in a browser and pull from the file.`
}

async function* watched(
  body: AsyncIterable<Uint8Array>,
  { watch, shownUrl }: { readonly watch: SilenceWatch; readonly shownUrl: string },
): AsyncGenerator<Uint8Array> {
  let receivedBytes = 0
  try {
    for await (const chunk of body) {
      receivedBytes += chunk.length
      // the time the reader takes is not the server's silence
      watch.stop()
      yield chunk
      watch.restart()
    }
  } catch (error) {
    throw watch.explain(error, `The connection to ${shownUrl} broke after ${receivedBytes} bytes`)
  } finally {
    watch.stop()
  }
}

type SilenceWatch = ReturnType<typeof watchForSilence>

/** Aborts its signal after too long a silence, or when the caller's own signal is aborted. */
function watchForSilence({ signal, stallTimeoutMs }: DownloadOptions) {
  const silence = new AbortController()
  let timer = start()
  function start(): NodeJS.Timeout {
    return setTimeout(() => silence.abort(), stallTimeoutMs)
  }
  return {
    signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
    restart(): void {
      clearTimeout(timer)
      timer = start()
    },
    stop(): void {
      clearTimeout(timer)
    },
    explain(error: unknown, what: string): unknown {
      signal?.throwIfAborted()
      if (error instanceof PrerequisiteError) return error
      const why = silence.signal.aborted ? `no byte for ${stallTimeoutMs / 1000} s` : describeError(error)
      return new PrerequisiteError(
        `${what}: ${why}. Nothing was installed. Check the network and try again, or download the archive in a browser and pull from the file.`,
        { cause: error },
      )
    },
  }
}
