// Files that are dropped on the page, wherever.

export function listenForDrops(open) {
  const { classList } = document.body;
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    classList.remove("dropping");
    open(event.dataTransfer.files[0]);
  });
}
