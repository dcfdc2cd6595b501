"use strict";

// Filters the errors. Without this script the page shows all of them.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const shown = document.getElementById("shown");
  const kindCounts = [...form.querySelectorAll("[data-kind]")];

  const documents = [...document.querySelectorAll("details.document")].map((element) => ({
    element,
    count: element.querySelector("summary .count"),
    name: element.dataset.document.toLowerCase(),
    errors: [...element.querySelectorAll("article")].map((article) => ({
      article,
      kinds: article.dataset.kinds.split(" "),
      modes: article.dataset.modes.split(" "),
      confidence: Number(article.dataset.confidence ?? 0),
      text: null,
    })),
  }));
  const all = documents.reduce((sum, it) => sum + it.errors.length, 0);

  // The words of an error, read when the first search needs them.
  const wordsOf = (error) => (error.text ??= error.article.textContent.toLowerCase());

  const wanted = () => {
    const data = new FormData(form);
    const typed = (name) => data.get(name).trim().toLowerCase();
    return {
      kinds: new Set(data.getAll("kind")),
      mode: data.get("mode"),
      confidence: Number(data.get("confidence")) || 0,
      document: typed("document"),
      text: typed("text"),
    };
  };

  const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  const apply = () => {
    const want = wanted();
    const ofKind = new Map();
    let errors = 0;
    let withErrors = 0;
    for (const it of documents) {
      const named = it.name.includes(want.document);
      let here = 0;
      for (const error of it.errors) {
        const fits =
          named &&
          error.confidence >= want.confidence &&
          (!want.mode || error.modes.includes(want.mode)) &&
          (!want.text || wordsOf(error).includes(want.text));
        if (fits) for (const kind of error.kinds) ofKind.set(kind, (ofKind.get(kind) ?? 0) + 1);
        const visible = fits && error.kinds.some((kind) => want.kinds.has(kind));
        error.article.hidden = !visible;
        here += visible;
      }
      it.element.hidden = here === 0;
      const total = it.errors.length;
      it.count.textContent = here === total ? counted(total, "error") : `${here} of ${counted(total, "error")}`;
      errors += here;
      withErrors += here > 0;
    }
    for (const element of kindCounts) element.textContent = ofKind.get(element.dataset.kind) ?? 0;
    shown.textContent = `Showing ${errors} of ${counted(all, "error")}, in ${counted(withErrors, "document")}`;
  };

  let waiting;
  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, delay);
  };
  form.addEventListener("input", (event) => soon(event.target.type === "search" ? 150 : 0));
  // A reset takes effect after its event.
  form.addEventListener("reset", () => soon(0));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();

  // A link to an error finds it although the page has been shortened.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.closest("[hidden]")) form.reset();
  });
  // Closed documents would print without their errors.
  addEventListener("beforeprint", () => {
    for (const it of documents) it.element.open = true;
  });
})();
