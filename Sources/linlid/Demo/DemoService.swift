import Contract
import Kernel
import OneStop
import Platform

/// Something that a resident and an office did together: an application, a bundle, a mandate, a certificate. A script of
/// steps; whether the rules allow them is decided when they are told.
struct DemoService: Sendable {
    /// What it is there to show.
    enum Scenario: String, Sendable, Hashable, CaseIterable {
        case submitted, supplementWanted, supplemented, rejected, withdrawn
        /// What was asked for never came.
        case unanswered
        /// Nobody answered for five working days: it counts as taken on.
        case silence
        /// Under review, with its limit far, near, or over and urged.
        case green, yellow, red
        /// In a special procedure; after one; taken on by one person and waiting for another.
        case special, afterSpecial, secondPerson
        case granted, refused, delivered, archived
        /// Granted with a fee that nobody has paid; paid and handed over.
        case feeDue, feePaid
        case ratedWell, ratedBadly
        /// Led to a certificate.
        case certified
        /// An old resident lets a neighbour act, who has not used it yet; a grid worker did.
        case neighbour, agent
        /// 新生儿出生一件事, half done.
        case bundle
        /// Issued by the community; issued and revoked.
        case proof, revokedProof
    }

    /// Who does a step.
    enum Actor: Sendable, Equatable {
        case resident(DemoPerson)
        case staff(DemoStaff)
        case system
    }

    enum Act: Sendable {
        case give(OneStopV1.CreateMandateRequest)
        /// With the mandate of the story, if one was given.
        case submit(item: String, answers: [OneStopV1.FormAnswer], papers: [Paper] = [])
        case submitBundle(String, answers: [OneStopV1.FormAnswer], papers: [Paper] = [])
        /// Of a bundle, the part with this item; else the application.
        case tell(PastServices.Step, part: String? = nil)
        case issue(type: String, answers: [String: String])
        case revoke(reason: String)
    }

    /// What is handed in as a file.
    struct Paper: Sendable {
        let question: String
        /// Name of the file, and what stands on its page.
        let name: String
        let title: String
    }

    struct Step: Sendable {
        let time: Instant
        let actor: Actor
        let act: Act
    }

    let scenario: Scenario
    /// Whose matter it is.
    let resident: DemoPerson
    private(set) var steps: [Step] = []

    private let calendar: WorkCalendar
    private let random: SeededRandom
    private let now: Instant
    /// Time of the last step.
    private(set) var time: Instant
    /// The next step would lie in the future: the story stands as it is told.
    private(set) var isCutShort: Bool = false

    init(
        _ scenario: Scenario, of resident: DemoPerson, begin: Instant, calendar: WorkCalendar,
        random: SeededRandom, now: Instant
    ) {
        self.scenario = scenario
        self.resident = resident
        self.calendar = calendar
        self.random = random
        self.now = now
        time = begin
    }

    /// What the resident does, `hours` working hours after the last step; 0 for at once.
    mutating func resident(_ act: Act, after hours: Int = 0) {
        add(act, .resident(resident), at: moment(after: hours))
    }

    /// What an office does, `hours` working hours after the last step.
    mutating func staff(_ member: DemoStaff, _ act: Act, after hours: Int) {
        add(act, .staff(member), at: moment(after: hours))
    }

    mutating func resident(_ step: PastServices.Step, after hours: Int, part: String? = nil) {
        resident(.tell(step, part: part), after: hours)
    }

    mutating func staff(_ member: DemoStaff, _ step: PastServices.Step, after hours: Int, part: String? = nil)
    {
        staff(member, .tell(step, part: part), after: hours)
    }

    /// The limit of the state is over.
    ///
    /// - Parameter limit: the one that the workflow gives the state that began with the last step.
    mutating func expire(after limit: TimeLimit) {
        let due: Instant = calendar.deadline(start: time, limit: limit).due
        add(.tell(.expire), .system, at: due.adding(minutes: 3))
    }

    /// The resident rates, and with that the application is archived.
    mutating func rate(_ grade: Int, _ comment: String, after hours: Int) {
        resident(.rate(grade: grade, comment: comment), after: hours)
        add(.tell(.archiveRated(grade: grade)), .system, at: time.adding(minutes: 1))
    }

    private mutating func add(_ act: Act, _ actor: Actor, at time: Instant) {
        guard !isCutShort, time <= now else {
            isCutShort = true
            return
        }
        self.time = time
        steps.append(Step(time: time, actor: actor, act: act))
    }

    /// A moment in office hours, give or take some minutes.
    private func moment(after hours: Int) -> Instant {
        guard hours > 0, let limit = TimeLimit(value: hours, unit: .workingHours) else { return time }
        return calendar.deadline(start: time, limit: limit).due.adding(
            minutes: -Int64(random.integer(in: 1..<25)))
    }
}
