// Light or dark, before anything is seen: as somebody chose here, else as the system has it.

(() => {
  const system = matchMedia("(prefers-color-scheme: dark)"), root = document.documentElement;
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const set = () => {
    root.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
    document.dispatchEvent(new Event("themed"));
  };
  system.addEventListener("change", set);
  document.addEventListener("theme", () => {
    try { localStorage.setItem("theme", root.dataset.theme === "dark" ? "light" : "dark"); } catch { return; }
    set();
  });
  set();
})();
