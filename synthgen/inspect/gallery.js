"use strict";
(() => {
  const views = [...document.querySelectorAll(".view")];
  const scene = document.getElementById("scene");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");

  const filter = () => {
    const split = document.querySelector('input[name="split"]:checked')?.value ?? "";
    const wanted = scene?.value ?? "";
    let count = 0;
    for (const view of views) {
      const fits = (!split || view.dataset.split === split) && (!wanted || view.dataset.scene === wanted);
      view.hidden = !fits;
      count += fits;
    }
    shown.textContent = `${count} of ${views.length} views`;
    none.hidden = count > 0;
  };
  for (const input of document.querySelectorAll('input[name="split"]')) input.addEventListener("change", filter);
  scene?.addEventListener("change", filter);
  filter();

  const dialog = document.getElementById("large");
  const image = dialog.querySelector("img");
  const text = dialog.querySelector("span");
  let current = null;

  const tiles = () => [...document.querySelectorAll(".view:not([hidden]) .tile button")];
  const show = (button) => {
    const small = button.querySelector("img");
    current = button;
    image.src = button.dataset.full || small.src;
    image.alt = small.alt;
    image.className = small.className;
    text.textContent = small.alt;
    if (!dialog.open) dialog.showModal();
  };
  const step = (by) => {
    const all = tiles();
    const next = all[all.indexOf(current) + by];
    if (next) show(next);
  };
  const stepView = (by) => {
    const name = current.dataset.channel;
    const all = tiles().filter((button) => button.dataset.channel === name);
    const next = all[all.indexOf(current) + by];
    if (next) show(next);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".tile button");
    if (button) show(button);
  });
  dialog.querySelector('[data-do="back"]').addEventListener("click", () => step(-1));
  dialog.querySelector('[data-do="on"]').addEventListener("click", () => step(1));
  dialog.querySelector('[data-do="close"]').addEventListener("click", () => dialog.close());
  image.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => {
    current?.focus();
    current?.scrollIntoView({ block: "nearest" });
  });
  dialog.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => stepView(-1), ArrowDown: () => stepView(1) };
    if (steps[event.key]) { event.preventDefault(); steps[event.key](); }
  });
})();
