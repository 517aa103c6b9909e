// A reporter for node's test runner: a line for each test, and "ws: N passed, N failed" at the end.
export default async function* closingLine(events) {
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    if (data.details?.type === "suite" || data.nesting > 0) continue;
    if (type === "test:pass" && data.skip === undefined && data.todo === undefined) {
      passed++;
      yield `${data.name} ... ok\n`;
    } else if (type === "test:pass" || type === "test:fail") {
      failed++;
      yield `${data.name} ... FAIL\n${data.details.error?.cause?.stack ?? data.details.error ?? "skipped"}\n`;
    }
  }
  yield `ws: ${passed} passed, ${failed} failed\n`;
}
