// tus-js-client against the district's server, one act at a time.
//
//   node client.mjs ACT '{"endpoint", "token", "sha256", "file", "memory"}'
//
// Prints one JSON document: what was asked of the server, in order, and how it
// ended. The certificate is trusted through NODE_EXTRA_CA_CERTS, as a person with
// a foreign client would do it.

import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'
import * as tus from 'tus-js-client'

const [act, given] = process.argv.slice(2)
const { endpoint, token, sha256, file, memory } = JSON.parse(given)

// Half of a file goes out and the rest never comes, so that a cut falls in its
// middle however fast the line is.
class Halting extends tus.DefaultHttpStack {
  halted() {}

  createRequest(method, url) {
    const request = super.createRequest(method, url)
    const send = request.send.bind(request)
    request.send = (body) => send(method === 'PATCH' ? this.half(body) : body)
    return request
  }

  half(body) {
    const stack = this
    let passed = 0
    const half = new Transform({
      transform(chunk, _encoding, more) {
        passed += chunk.length
        this.push(chunk)
        passed < body.size / 2 ? more() : stack.halted(passed)
      },
    })
    half.size = body.size
    return body.pipe(half)
  }
}

const connection = { servername: 'nonghuan-district' }
const asked = []
const options = {
  endpoint,
  metadata: { sha256, filename: '现场.jpg' },
  headers: { Authorization: `Bearer ${token}` },
  httpStack: new tus.DefaultHttpStack(connection),
  urlStorage: new tus.FileUrlStorage(memory),
  storeFingerprintForResuming: true,
  retryDelays: [0, 100, 200],
  onBeforeRequest(request) {
    const offset = request.getHeader('Upload-Offset')
    asked.push(offset === undefined ? request.getMethod() : `${request.getMethod()} ${offset}`)
  },
}

function say(ended) {
  console.log(JSON.stringify({ asked, ...ended }))
}

function upload(more, then) {
  const upload = new tus.Upload(createReadStream(file), {
    ...options,
    onSuccess: () => say({ ended: 'success', url: upload.url }),
    onError: (error) => say({ ended: 'error', status: error.originalResponse?.getStatus(), body: error.originalResponse?.getBody() }),
    ...more(() => upload),
  })
  return then(upload)
}

const start = (upload) => upload.start()

const acts = {
  // All of it in one request.
  whole: () => upload(() => ({}), start),
  // In chunks, and the file with its announcement.
  chunks: () => upload(() => ({ chunkSize: 256 * 1024, uploadDataDuringCreation: true }), start),
  // One request, cut off in the middle.
  cut: () => {
    const httpStack = new Halting(connection)
    return upload((self) => {
      httpStack.halted = (sent) => self().abort().then(() => say({ ended: 'cut', sent, url: self().url }))
      return { httpStack }
    }, start)
  },
  // Goes on with what `cut` left.
  resume: () =>
    upload(
      () => ({}),
      async (upload) => {
        const previous = await upload.findPreviousUploads()
        upload.resumeFromPreviousUpload(previous[0])
        upload.start()
      },
    ),
  // Begun, and given up.
  terminate: () =>
    upload(
      (self) => ({
        chunkSize: 256 * 1024,
        onChunkComplete() {
          self().abort(true).then(() => say({ ended: 'terminated', url: self().url }))
        },
      }),
      start,
    ),
}

acts[act]()
