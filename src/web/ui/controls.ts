/** The Mantine controls in use, through one door: screens import from here, so that the library can be replaced. */
export {
  Button,
  Kbd,
  NativeSelect,
  SegmentedControl,
  Switch,
  Textarea,
  TextInput,
  useMantineColorScheme,
} from "@mantine/core";
