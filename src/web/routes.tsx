/**
 * The addresses of Vårdytan. Every screen is fetched when first opened; what a screen shows is in its address, so that a
 * link, a reload and the way back after signing in all lead to the same place.
 *
 * SPEC WEB-URL
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { Broken, NotFound } from "./shell/lost.tsx";
import { Shell } from "./shell/shell.tsx";
import { StartPage } from "./shell/start.page.tsx";
import {
  readChangeSearch,
  readLoopsSearch,
  readMedicationsSearch,
  readMonthsSearch,
  readNotesSearch,
  readPortalSearch,
  readPeopleSearch,
  readQuestionsSearch,
  readResultsSearch,
  readReviewSearch,
  readSignInSearch,
  readTimelineSearch,
} from "./search-params.ts";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Broken });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/logga-in",
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import("./sign-in/sign-in.page.tsx"), "SignInPage"),
});

const assignment = createRoute({
  getParentRoute: () => root,
  path: "/logga-in/uppdrag",
  component: lazyRouteComponent(() => import("./sign-in/assignment.page.tsx"), "AssignmentPage"),
});

const portal = createRoute({
  getParentRoute: () => root,
  path: "/portal",
  validateSearch: readPortalSearch,
  component: lazyRouteComponent(() => import("./portal/portal.page.tsx"), "PortalPage"),
});
const portalSignIn = createRoute({
  getParentRoute: () => root,
  path: "/portal/logga-in",
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import("./portal/sign-in.page.tsx"), "PortalSignInPage"),
});
const portalWelcome = createRoute({
  getParentRoute: () => root,
  path: "/portal/valkommen",
  component: lazyRouteComponent(() => import("./portal/sign-in.page.tsx"), "PortalWelcomePage"),
});

const work = createRoute({ getParentRoute: () => root, id: "work", component: Shell });
const start = createRoute({ getParentRoute: () => work, path: "/", component: StartPage });

const unsigned = createRoute({
  getParentRoute: () => work,
  path: "/osignerat",
  component: lazyRouteComponent(() => import("./unsigned/unsigned.page.tsx"), "UnsignedPage"),
});

const inbox = createRoute({
  getParentRoute: () => work,
  path: "/inkorg",
  validateSearch: readLoopsSearch,
  component: lazyRouteComponent(() => import("./inbox/loops.page.tsx"), "InboxPage"),
});
const sent = createRoute({
  getParentRoute: () => work,
  path: "/skickat",
  validateSearch: readLoopsSearch,
  component: lazyRouteComponent(() => import("./inbox/loops.page.tsx"), "SentPage"),
});
const waiting = createRoute({
  getParentRoute: () => work,
  path: "/vantelista",
  component: lazyRouteComponent(() => import("./referrals/waiting.page.tsx"), "WaitingPage"),
});
const duty = createRoute({
  getParentRoute: () => work,
  path: "/franvaro",
  component: lazyRouteComponent(() => import("./inbox/duty.page.tsx"), "DutyPage"),
});

const operations = createRoute({
  getParentRoute: () => work,
  path: "/drift",
  component: lazyRouteComponent(() => import("./operations/operations.page.tsx"), "OperationsPage"),
});

const printing = createRoute({
  getParentRoute: () => work,
  path: "/utskrift",
  component: lazyRouteComponent(() => import("./letters/queue.page.tsx"), "QueuePage"),
});
const printOne = createRoute({
  getParentRoute: () => work,
  path: "/utskrift/$loop",
  component: lazyRouteComponent(() => import("./letters/print.page.tsx"), "PrintPage"),
});
const collections = createRoute({
  getParentRoute: () => work,
  path: "/provtagning",
  component: lazyRouteComponent(() => import("./specimens/list.page.tsx"), "CollectionListPage"),
});
const collectionOne = createRoute({
  getParentRoute: () => work,
  path: "/provtagning/$patientId",
  component: lazyRouteComponent(() => import("./specimens/collection.page.tsx"), "CollectionPage"),
});
const specimen = createRoute({
  getParentRoute: () => work,
  path: "/prov/$number",
  component: lazyRouteComponent(() => import("./specimens/track.page.tsx"), "TrackPage"),
});
const letterTemplates = createRoute({
  getParentRoute: () => work,
  path: "/brevmallar",
  component: lazyRouteComponent(() => import("./letters/templates.page.tsx"), "TemplatesPage"),
});

const app = createRoute({
  getParentRoute: () => work,
  path: "/app/$uid",
  component: lazyRouteComponent(() => import("./app/app.page.tsx"), "AppPage"),
});
const patient = createRoute({
  getParentRoute: () => work,
  path: "/patienter/$patientId",
  component: lazyRouteComponent(() => import("./chart/chart.page.tsx"), "ChartPage"),
});
const patientStart = createRoute({
  getParentRoute: () => patient,
  path: "/",
  beforeLoad: ({ params }) => {
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own way to redirect
    throw redirect({ to: "/patienter/$patientId/oversikt", params, replace: true });
  },
});
const overview = createRoute({
  getParentRoute: () => patient,
  path: "oversikt",
  component: lazyRouteComponent(() => import("./chart/overview/overview.page.tsx"), "OverviewPage"),
});
const timeline = createRoute({
  getParentRoute: () => patient,
  path: "tidslinje",
  validateSearch: readTimelineSearch,
  component: lazyRouteComponent(() => import("./chart/timeline/timeline.page.tsx"), "TimelinePage"),
});
const notes = createRoute({
  getParentRoute: () => patient,
  path: "anteckningar",
  validateSearch: readNotesSearch,
  component: lazyRouteComponent(() => import("./chart/notes/notes.page.tsx"), "NotesPage"),
});
const medications = createRoute({
  getParentRoute: () => patient,
  path: "lakemedel",
  validateSearch: readMedicationsSearch,
  component: lazyRouteComponent(() => import("./chart/medication/medication.page.tsx"), "MedicationPage"),
});
const results = createRoute({
  getParentRoute: () => patient,
  path: "svar",
  validateSearch: readResultsSearch,
  component: lazyRouteComponent(() => import("./chart/results/results.page.tsx"), "ResultsPage"),
});
const vitals = createRoute({
  getParentRoute: () => patient,
  path: "matvarden",
  validateSearch: readResultsSearch,
  component: lazyRouteComponent(() => import("./chart/results/vitals.page.tsx"), "VitalsPage"),
});
const problems = createRoute({
  getParentRoute: () => patient,
  path: "diagnoser",
  component: lazyRouteComponent(() => import("./chart/lists/problems.page.tsx"), "ProblemsPage"),
});
const allergies = createRoute({
  getParentRoute: () => patient,
  path: "overkanslighet",
  component: lazyRouteComponent(() => import("./chart/lists/allergies.page.tsx"), "AllergiesPage"),
});
const orderPage = createRoute({
  getParentRoute: () => patient,
  path: "bestallning/$orderId",
  component: lazyRouteComponent(() => import("./orders/order.page.tsx"), "OrderPage"),
});
const samePerson = createRoute({
  getParentRoute: () => patient,
  path: "samma-person",
  component: lazyRouteComponent(() => import("./registration/same.page.tsx"), "SamePage"),
});
const referrals = createRoute({
  getParentRoute: () => patient,
  path: "remisser",
  component: lazyRouteComponent(() => import("./chart/lists/referrals.page.tsx"), "ReferralsPage"),
});
const contacts = createRoute({
  getParentRoute: () => patient,
  path: "vardkontakter",
  component: lazyRouteComponent(() => import("./chart/lists/contacts.page.tsx"), "ContactsPage"),
});
const letters = createRoute({
  getParentRoute: () => patient,
  path: "brev",
  component: lazyRouteComponent(() => import("./letters/letters.page.tsx"), "LettersPage"),
});
const immunizations = createRoute({
  getParentRoute: () => patient,
  path: "vaccinationer",
  component: lazyRouteComponent(() => import("./chart/lists/immunizations.page.tsx"), "ImmunizationsPage"),
});
const sources = createRoute({
  getParentRoute: () => patient,
  path: "kallor",
  component: lazyRouteComponent(() => import("./chart/care/sources.page.tsx"), "SourcesPage"),
});
const blocks = createRoute({
  getParentRoute: () => patient,
  path: "sparrar",
  component: lazyRouteComponent(() => import("./chart/blocks/blocks.page.tsx"), "BlocksPage"),
});
const representatives = createRoute({
  getParentRoute: () => patient,
  path: "ombud",
  component: lazyRouteComponent(
    () => import("./chart/representatives/representatives.page.tsx"),
    "RepresentativesPage",
  ),
});
const readers = createRoute({
  getParentRoute: () => patient,
  path: "vem-har-last",
  component: lazyRouteComponent(() => import("./chart/lists/readers.page.tsx"), "ReadersPage"),
});

const chart = patient.addChildren([
  patientStart,
  overview,
  timeline,
  notes,
  medications,
  results,
  vitals,
  problems,
  allergies,
  referrals,
  orderPage,
  samePerson,
  contacts,
  letters,
  immunizations,
  sources,
  blocks,
  representatives,
  readers,
]);

const review = createRoute({
  getParentRoute: () => work,
  path: "/granskning",
  component: lazyRouteComponent(() => import("./review/review.page.tsx"), "ReviewPage"),
});
const reviewTasks = createRoute({
  getParentRoute: () => review,
  path: "/",
  validateSearch: readReviewSearch,
  component: lazyRouteComponent(() => import("./review/tasks.page.tsx"), "TasksPage"),
});
const reviewQuestions = createRoute({
  getParentRoute: () => review,
  path: "fragor",
  validateSearch: readQuestionsSearch,
  component: lazyRouteComponent(() => import("./review/questions.page.tsx"), "QuestionsPage"),
});
const reviewQuestion = createRoute({
  getParentRoute: () => review,
  path: "fragor/$question",
  component: lazyRouteComponent(() => import("./review/question.page.tsx"), "QuestionPage"),
});
const reviewStatistics = createRoute({
  getParentRoute: () => review,
  path: "statistik",
  validateSearch: readMonthsSearch,
  component: lazyRouteComponent(() => import("./review/statistics.page.tsx"), "StatisticsPage"),
});
const reviewExtract = createRoute({
  getParentRoute: () => review,
  path: "utdrag",
  component: lazyRouteComponent(() => import("./review/extract.page.tsx"), "ExtractPage"),
});
const reviewDetail = createRoute({
  getParentRoute: () => review,
  path: "$access",
  component: lazyRouteComponent(() => import("./review/detail.page.tsx"), "DetailPage"),
});
const reviewing = review.addChildren([
  reviewTasks,
  reviewQuestions,
  reviewQuestion,
  reviewStatistics,
  reviewExtract,
  reviewDetail,
]);

const directory = createRoute({
  getParentRoute: () => work,
  path: "/katalog",
  component: lazyRouteComponent(() => import("./directory/directory.page.tsx"), "DirectoryPage"),
});
const directoryPeople = createRoute({
  getParentRoute: () => directory,
  path: "/",
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(() => import("./directory/people.page.tsx"), "PeoplePage"),
});
const directoryChange = createRoute({
  getParentRoute: () => directory,
  path: "andra",
  validateSearch: readChangeSearch,
  component: lazyRouteComponent(() => import("./directory/change.page.tsx"), "ChangePage"),
});
const directoryReview = createRoute({
  getParentRoute: () => directory,
  path: "genomgang",
  component: lazyRouteComponent(() => import("./directory/periodic-review.page.tsx"), "PeriodicReviewPage"),
});
const keeping = directory.addChildren([directoryPeople, directoryChange, directoryReview]);

export const router = createRouter({
  routeTree: root.addChildren([
    portal,
    portalSignIn,
    portalWelcome,
    signIn,
    assignment,
    work.addChildren([
      start,
      printing,
      printOne,
      collections,
      collectionOne,
      specimen,
      letterTemplates,
      app,
      inbox,
      sent,
      waiting,
      duty,
      operations,
      unsigned,
      chart,
      reviewing,
      keeping,
    ]),
  ]),
  defaultPreload: "intent",
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
