// A certificate for this machine alone, made on the fly: the browser will warn, and is right.
import { generate } from 'selfsigned'

/** For `localhost` and `127.0.0.1`. */
export async function makeCertificate(): Promise<{ readonly key: string; readonly cert: string }> {
  const altNames = [{ type: 2, value: 'localhost' } as const, { type: 7, ip: '127.0.0.1' } as const]
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  })
  return { key, cert }
}
