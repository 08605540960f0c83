// The rules of the Terminal API as Adyen's own library for Node holds them: its models of run time (members, enumerations)
// and its declarations (what must be there, what is a list).
// Argument: "tapi" (the schema as it is published now) or "terminal" (the older models, which its local client uses).
// Standard output: {"classes": {name: {member: {type, needed}}}, "enums": {name: [value]}, "members": {name: [member]}}.
// Standard input: a list of {kind, tree}; what its serializer makes of each, read and written again, comes under "again".
// Not for: judging; that is the caller's.

import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const place = `@adyen/api-library/lib/src/typings/${process.argv[2]}/models`;
const models = require(place);
const folder = dirname(require.resolve(place));
const isText = (value) => typeof value === "string";

// The older models map names of enumerations to values and back, so values are what leads to a name that leads back.
function valuesOf(object) {
  const values = [...new Set(Object.values(object))];
  return process.argv[2] === "tapi" ? values : Object.entries(object).map(([key, value]) => (object[value] === key ? key : null)).filter(isText);
}

const rules = { classes: {}, enums: {}, members: {} };
for (const [name, model] of Object.entries(models)) {
  if (typeof model === "function" && model.attributeTypeMap) {
    rules.members[name] = model.attributeTypeMap.map((each) => each.baseName);
    for (const [inner, values] of Object.entries(model)) {
      if (inner.endsWith("Enum")) rules.enums[`${name}.${inner}`] = valuesOf(values);
    }
  } else if (typeof model === "object" && Object.values(model).every(isText)) {
    rules.enums[name] = valuesOf(model);
  }
}
for (const file of readdirSync(folder).filter((each) => each.endsWith(".d.ts"))) {
  const text = readFileSync(join(folder, file), "utf-8");
  const found = /export declare class (\w+) \{([\s\S]*?)static (?:readonly )?discriminator/.exec(text);
  if (!found || !(found[1] in rules.members)) continue;
  const members = found[2].matchAll(/^ {4}["'](\w+)["'](\??): ([^;]+);$/gm);
  rules.classes[found[1]] = Object.fromEntries(
    [...members].map(([, member, optional, type]) => [member, { type, needed: optional === "" }]),
  );
}

const again = JSON.parse(readFileSync(0, "utf-8")).map(({ kind, tree }) =>
  models.ObjectSerializer.serialize(models.ObjectSerializer.deserialize(tree, kind, ""), kind, ""),
);
console.log(JSON.stringify({ ...rules, again }));
