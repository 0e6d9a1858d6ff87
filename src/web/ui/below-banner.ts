/**
 * Where things may begin that open over the chart: below the patient's banner, which stays readable whatever is open.
 *
 * SPEC WEB-FIND-7 · WEB-CMD-1
 */

/** The lower edge of the banner in the window, in pixels; 0 when no chart is open or the banner has scrolled away. */
export function bannerBottom(): number {
  const banner = document.querySelector("[data-patient]")?.getBoundingClientRect();
  return banner && banner.bottom > 0 && banner.bottom < window.innerHeight / 2 ? banner.bottom : 0;
}
