// Opens documents with the official JavaScript automerge and prints what it reads:
//   node read_documents.mjs FOLDER      where FOLDER/<kind>/<id>.automerge
// {"household/<id>": {"heads": […], "places": {"fields.use": {"value": …, "conflicts": {"<op>": …}}}}}
// A value is {"str"|"bytes"|"number"|"bool"|"null": …}; "conflicts" stands only where several values do.
import * as Automerge from "@automerge/automerge"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

function said(value) {
    if (value === null) return { null: true }
    if (typeof value === "boolean") return { bool: value }
    if (typeof value === "number" || typeof value === "bigint") return { number: Number(value) }
    if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") }
    if (Automerge.isImmutableString(value)) return { str: value.toString() }
    throw new Error(`nothing of ours is a ${value?.constructor?.name ?? typeof value}`)
}

function read(file) {
    const doc = Automerge.load(new Uint8Array(readFileSync(file)))
    const places = {}
    for (const container of Object.keys(doc)) {
        for (const key of Object.keys(doc[container])) {
            const place = { value: said(doc[container][key]) }
            const conflicts = Automerge.getConflicts(doc[container], key)
            if (conflicts !== undefined) {
                place.conflicts = Object.fromEntries(Object.entries(conflicts).map(([op, value]) => [op, said(value)]))
            }
            places[`${container}.${key}`] = place
        }
    }
    return { heads: Automerge.getHeads(doc).sort(), places }
}

const folder = process.argv[2]
const documents = {}
for (const kind of readdirSync(folder)) {
    for (const name of readdirSync(join(folder, kind))) {
        documents[`${kind}/${name.replace(/\.automerge$/, "")}`] = read(join(folder, kind, name))
    }
}
process.stdout.write(JSON.stringify(documents))
