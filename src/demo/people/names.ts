/**
 * Common given and family names in Sweden, of many origins. Persons are made by combining them; none is a real person.
 * Written for this project. SPEC DEMO-PEOPLE
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Given names by generation: born before 1950, before 1975, before 2000, and later. */
export const WOMEN: readonly (readonly string[])[] = [
  words(
    "Ingrid Märta Greta Birgit Astrid Karin Gunborg Inga Maj Elsa Svea Gun Ulla Barbro Margareta Anna-Lisa Kerstin Siv Vera Gunvor Irma Aino Rut Britta Edit",
  ),
  words(
    "Birgitta Eva Lena Marie Gunilla Kristina Annika Agneta Susanne Monika Ann-Charlotte Helena Carina Åsa Lotta Pirjo Marja Danuta Zahra Mirjana Inger Yvonne Katarina Marianne Elisabet",
  ),
  words(
    "Johanna Emma Sara Jenny Malin Linda Hanna Maria Josefin Amanda Frida Nadia Amina Leila Jasmina Olena Fatima Katarzyna Elin Ida Sofia Therese Rebecka Camilla Yasmin Hodan Selam Mina Tove",
  ),
  words(
    "Alice Maja Vera Alma Selma Elsa Astrid Freja Lilly Olivia Stella Ebba Signe Ines Amira Zeynep Hanin Leah Tuva Juni Nora Saga Iris Ella Agnes Ayan Sofija Noor",
  ),
];
export const MEN: readonly (readonly string[])[] = [
  words(
    "Sven Nils Karl-Erik Bengt Arne Gösta Olle Stig Sture Lennart Rolf Harry Åke Gunnar Bertil Ivar Evert Allan Tage Helge Ragnar Veikko Folke Erik Yngve",
  ),
  words(
    "Lars Anders Göran Jan Leif Kjell Tommy Bo Hans Stefan Peter Mats Ulf Conny Roger Kenneth Juhani Zoran Hassan Ryszard Thomas Christer Håkan Per-Olof Magnus",
  ),
  words(
    "Andreas Mikael Johan Daniel Martin Fredrik Jonas Niklas Emil Viktor Simon Robin Ahmed Ali Omar Mehmet Dragan Tomasz Anton David Filip Kristoffer Henrik Mohamed Abdi Yonas Reza Pontus",
  ),
  words(
    "William Liam Noah Hugo Elias Oscar Adam Nils Walter Sixten Leo Ludvig Vidar Malte Ibrahim Yusuf Zakaria Theo Alfred Loke Arvid Matteo Isak Melker Folke Sami Milo Axel",
  ),
];

export const FAMILY: readonly string[] = words(
  `Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson
   Lindberg Lindström Lindqvist Lundgren Lundberg Berglund Bergström Sandberg Sandström Forsberg Sjöberg Wallin Holm Holmberg Ek Ekström Ekholm
   Dahl Dahlberg Nyström Nyberg Hedlund Hedberg Söderberg Söderström Öberg Öhman Åberg Åkesson Ström Strand Björk Björklund Blom Blomqvist
   Norberg Norén Sundin Sundberg Engström Fransson Hermansson Isaksson Mattsson Håkansson Magnusson Wikström Ahlgren Almqvist Backlund Boström
   Granqvist Hägglund Krantz Ljung Löfgren Melin Palm Rosén Skoglund Stenberg Tegnér Viklund Wester Zetterlund Kangas Lehtonen Virtanen`,
);
export const FAMILY_OTHER: readonly string[] = words(
  `Ahmed Hussein Ali Mohamud Abdi Warsame Haddad Khoury Najjar Rahimi Karimi Ahmadi Yılmaz Kaya Demir Petrović Jovanović Hodžić Begić
   Kowalska Nowak Wiśniewska Shevchenko Kovalenko Bondarenko Tesfaye Berhane Gebremedhin Nguyen Tran Lopez Fernandez Popescu Hosseini Aziz`,
);

/** The generation (index into the lists above) of someone born in a year. */
export function generation(birthYear: number): number {
  return birthYear < 1950 ? 0 : birthYear < 1975 ? 1 : birthYear < 2000 ? 2 : 3;
}
