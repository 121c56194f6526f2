"use strict";
(() => {
  const main = document.querySelector("main");
  const shots = [...document.querySelectorAll(".shot")];
  const scene = document.getElementById("scene");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const total = document.querySelectorAll(".view").length;

  const filter = () => {
    const split = document.querySelector('input[name="split"]:checked')?.value ?? "";
    const wanted = scene?.value ?? "";
    let count = 0;
    for (const shot of shots) {
      const fits = (!split || shot.dataset.split === split) && (!wanted || shot.dataset.scene === wanted);
      shot.hidden = !fits;
      if (fits) count += shot.querySelectorAll(".view").length;
    }
    shown.textContent = `${count} of ${total} views`;
    none.hidden = count > 0;
  };
  const choose = () => {
    const off = document.querySelectorAll('input[name="group"]:not(:checked)');
    main.dataset.off = [...off].map((box) => box.value).join(" ");
  };
  for (const input of document.querySelectorAll('input[name="split"]')) input.addEventListener("change", filter);
  for (const input of document.querySelectorAll('input[name="group"]')) input.addEventListener("change", choose);
  scene?.addEventListener("change", filter);
  filter();
  choose();

  // A shot shows one moment at a time.
  const reveal = (shot, index) => {
    shot.querySelectorAll(".moment").forEach((moment, other) => { moment.hidden = other !== index; });
    shot.querySelectorAll(".strip button").forEach((button, other) => {
      button.setAttribute("aria-current", String(other === index));
      if (other === index) {
        const strip = button.parentElement;
        strip.scrollLeft = button.offsetLeft - strip.offsetLeft - (strip.clientWidth - button.clientWidth) / 2;
      }
    });
    shot.dataset.at = index;
  };
  for (const shot of shots) {
    const film = shot.querySelector(".film");
    if (!film) continue;
    const buttons = [...film.querySelectorAll(".strip button")];
    const play = film.querySelector(".play");
    let timer = 0;
    const stop = () => { clearInterval(timer); timer = 0; play.textContent = "Play"; };
    buttons.forEach((button, index) => button.addEventListener("click", () => { stop(); reveal(shot, index); }));
    film.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const next = by && buttons[Number(shot.dataset.at) + by];
      if (next) { event.preventDefault(); next.focus(); next.click(); }
    });
    play.addEventListener("click", () => {
      if (timer) { stop(); return; }
      for (const image of shot.querySelectorAll("img")) image.loading = "eager";
      play.textContent = "Stop";
      timer = setInterval(() => reveal(shot, (Number(shot.dataset.at) + 1) % buttons.length), 1000 / film.dataset.fps);
    });
    reveal(shot, 0);
  }

  const dialog = document.getElementById("large");
  const image = dialog.querySelector("img");
  const text = dialog.querySelector("span");
  let current = null;

  const offered = (button) => !button.closest(".shot").hidden && getComputedStyle(button.parentElement).display !== "none";
  const all = () => [...document.querySelectorAll(".tile button")].filter(offered);
  const show = (button) => {
    const small = button.querySelector("img");
    const shot = button.closest(".shot");
    const moments = [...shot.querySelectorAll(".moment")];
    if (moments.length > 1 && shot.dataset.at) reveal(shot, moments.indexOf(button.closest(".moment")));
    current = button;
    image.src = button.dataset.full || small.src;
    image.alt = small.alt;
    image.className = small.className;
    text.textContent = small.alt;
    if (!dialog.open) dialog.showModal();
  };
  const go = (buttons, by) => {
    const next = buttons[buttons.indexOf(current) + by];
    if (next) show(next);
  };
  const step = (by) => go(all(), by);
  const stepView = (by) => go(all().filter((button) => button.dataset.channel === current.dataset.channel), by);

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
