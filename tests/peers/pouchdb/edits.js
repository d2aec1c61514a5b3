// The offline edits of the benchmark, by PouchDB: a database on disk for each
// laptop, a district behind express-pouchdb on disk as well, plain HTTP on the
// loopback. Prints one JSON line: the milliseconds of each round, laptop to
// district to laptop.
//
//   node edits.js FOLDER ROUNDS < RECORDS
//
// RECORDS is JSON: `{"records": [fields …], "rounds": [[[which, fields] …] …]}`.

import { fork } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express from 'express'
import expressPouchdb from 'express-pouchdb'
import PouchDB from 'pouchdb'

const [folder, part] = process.argv.slice(2)
const at = (name) => {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  return path + '/'
}

if (part === 'district') {
  const Kept = PouchDB.defaults({ prefix: at('district') })
  const app = express()
  app.use('/', expressPouchdb(Kept, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(folder, 'log.txt') }))
  const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port))
} else {
  const { records, rounds } = JSON.parse(readFileSync(0, 'utf8'))
  const district = fork(fileURLToPath(import.meta.url), [folder, 'district'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const port = await new Promise((told) => district.once('message', told))
  const far = new PouchDB(`http://127.0.0.1:${port}/works`)
  const one = new PouchDB(at('one') + 'works')
  const other = new PouchDB(at('other') + 'works')
  const ids = records.map((_, n) => `works-${String(n).padStart(6, '0')}`)
  await one.bulkDocs(records.map((fields, n) => ({ _id: ids[n], ...fields })))
  const batch = { batch_size: records.length }
  const moved = async () => {
    const sent = await one.replicate.to(far, batch)
    const came = await other.replicate.from(far, batch)
    if (!sent.ok || !came.ok || sent.docs_written !== records.length || came.docs_written !== records.length) {
      throw new Error(`not all has gone: ${JSON.stringify([sent, came])}`)
    }
  }
  await moved()
  const times = []
  for (const edits of rounds) {
    const { rows } = await one.allDocs({ include_docs: true, keys: edits.map(([which]) => ids[which]) })
    await one.bulkDocs(rows.map(({ doc }, n) => ({ ...doc, ...edits[n][1] })))
    const start = performance.now()
    await moved()
    times.push(performance.now() - start)
  }
  const check = await other.get(ids[rounds.at(-1)[0][0]])
  for (const [name, value] of Object.entries(rounds.at(-1)[0][1])) {
    if (JSON.stringify(check[name]) !== JSON.stringify(value)) throw new Error(`${name} has not come`)
  }
  console.log(JSON.stringify(times))
  district.kill()
  process.exit(0)
}
