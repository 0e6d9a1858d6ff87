/**
 * Eira's own Mantine theme: a petrol palette, sizes and labels chosen so that every component meets WCAG 2.2 AA.
 * Mantine's run-time style element is switched off (strict CSP), so tokens.css must hold every variable that this
 * theme changes; a test compares the two.
 *
 * SPEC WEB-THEME · docs: https://mantine.dev/styles/css-variables/
 */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const petrol: MantineColorsTuple = [
  "#eaf4f6",
  "#d3e6ea",
  "#a9cfd7",
  "#7cb5c1",
  "#4f97a7",
  "#2d7f91",
  "#17697c",
  "#0f5768",
  "#0b4654",
  "#07323d",
];
/** Cool greys, so that inputs and controls belong to the same picture as the rest. */
const gray: MantineColorsTuple = [
  "#f7fafa",
  "#f1f4f5",
  "#e6ecee",
  "#d8e0e3",
  "#cdd7da",
  "#a3b1b7",
  "#74878f",
  "#4a5c64",
  "#2c3d44",
  "#16262c",
];
const dark: MantineColorsTuple = [
  "#c9d6da",
  "#a9bcc3",
  "#8aa0a8",
  "#5f7881",
  "#31464e",
  "#2a3d45",
  "#1b292f",
  "#152025",
  "#101a1e",
  "#0b1215",
];

export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray, dark },
  autoContrast: false,
  fontFamily: '"Segoe UI", -apple-system, "Helvetica Neue", Arial, "Liberation Sans", sans-serif',
  defaultRadius: "sm",
  cursorType: "pointer",
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    NativeSelect: { defaultProps: { size: "sm" } },
    Checkbox: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: true } } },
  },
});
