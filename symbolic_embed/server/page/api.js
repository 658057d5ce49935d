// The interface as a page, from its description: what each verb may be asked.

const shown = { request: "What can be asked", options: "What else may be said; files by the names they are sent under" };

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text !== null) made.textContent = text;
  made.append(...children);
  return made;
}

/** What a field may be, in words: a type, its choices, its bounds. */
function kind(field) {
  const parts = field.anyOf ?? [field];
  const words = parts.filter((part) => part.type !== "null").map((part) => {
    if (part.enum) return part.enum.join(" | ");
    if (part.const !== undefined) return String(part.const);
    const least = part.minimum ?? part.exclusiveMinimum;
    const most = part.maximum ?? part.exclusiveMaximum;
    const bounds = least === undefined && most === undefined ? "" : ` ${least ?? ""}..${most ?? ""}`;
    return (part.type ?? "list") + bounds;
  });
  return words.join(" or ");
}

function table(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const needed = (schema.required ?? []).includes(name);
    const usual = needed ? "must be given" : JSON.stringify(field.default ?? null);
    return element("tr", null, ...[name, kind(field), usual, field.description ?? ""].map((text) => element("td", text)));
  });
  const head = element("tr", null, ...["field", "is", "else", "what it says"].map((text) => element("th", text)));
  return element("table", null, element("thead", null, head), element("tbody", null, ...rows));
}

function section(path, route) {
  const body = route.requestBody.content["multipart/form-data"].schema.properties;
  const parts = Object.entries(shown).flatMap(([name, title]) => [element("h2", title), table(body[name])]);
  const explained = element("p", route.description ?? "");
  explained.className = "explained";
  const summary = element("summary", null, element("b", route.operationId), route.summary);
  return element("details", null, summary, element("p", null, element("code", `POST ${path}`)), explained, ...parts);
}

const place = document.getElementById("verbs");
const example = document.getElementById("example");
example.textContent = example.textContent.replace("ADDRESS", location.origin);
try {
  const described = await (await fetch("/api/openapi.json")).json();
  const routes = Object.entries(described.paths).filter(([path]) => path.startsWith("/api/verbs/"));
  place.append(...routes.map(([path, { post }]) => section(path, post)));
  const others = Object.entries(described.paths).filter(([path]) => !path.startsWith("/api/verbs/"));
  const rows = others.flatMap(([path, ways]) =>
    Object.entries(ways).map(([way, { summary }]) =>
      element("tr", null, element("td", `${way.toUpperCase()} ${path}`), element("td", summary)),
    ),
  );
  place.append(element("h2", "Beside the verbs"), element("table", null, element("tbody", null, ...rows)));
} catch (fault) {
  place.append(element("p", `The description cannot be read: ${fault.message}. Is the server still there?`));
}
place.removeAttribute("aria-busy");
