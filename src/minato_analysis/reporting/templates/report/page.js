"use strict";
// What has room does not scroll, and is no stop for the keyboard. Without this script every region is one.
for (const region of document.querySelectorAll(".scroll[tabindex]")) {
  const label = region.getAttribute("aria-label");
  new ResizeObserver(() => {
    const scrolls = region.scrollWidth > region.clientWidth;
    for (const [name, value] of [["role", "region"], ["tabindex", "0"], ["aria-label", label]])
      scrolls ? region.setAttribute(name, value) : region.removeAttribute(name);
  }).observe(region);
}
// A figure as PNG of double size: drawn from its SVG file by the reader's browser.
for (const button of document.querySelectorAll(".download button")) {
  const link = button.parentElement.querySelector('[download$=".svg"]');
  button.hidden = false;
  button.addEventListener("click", async () => {
    const image = new Image();
    image.src = link.href;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * image.naturalWidth;
    canvas.height = 2 * image.naturalHeight;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const saved = document.createElement("a");
    saved.href = canvas.toDataURL("image/png");
    saved.download = link.download.replace(/svg$/, "png");
    saved.click();
  });
}
