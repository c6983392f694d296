import Kernel
import Platform

/// What records about a resident of the demonstration agree on: the same person has the same employer in the books of the
/// housing fund, the insurances and the tax office. Drawn from the person alone, so that it stays the same at each start.
struct DemoLife {
    let person: DemoPerson
    let today: CivilDate
    let age: Int
    /// Nil for children, for the old, and for those who work for themselves.
    let employer: String?
    /// Monthly wage that contributions are reckoned from, in fen.
    let baseFen: Int
    /// The old who were employed have a pension of employees; others that of residents.
    let wasEmployed: Bool
    let drives: Bool
    let bank: String

    private static let employers: [String] = [
        "晋城太行精密制造有限公司", "晋城丹河纺织有限公司", "晋城凤城商贸有限公司", "晋城泽州物流有限公司", "城区凤台小学", "晋城第二人民医院",
    ]
    private static let banks: [String] = ["晋城银行", "工商银行", "建设银行", "农业银行", "邮储银行"]
    private static let pensionAge: Int = 60

    /// - Parameter isPlayed: the demonstration signs in as this person, who has something in every book that fits the age.
    init(_ person: DemoPerson, today: CivilDate, isPlayed: Bool) {
        self.person = person
        self.today = today
        age = person.birth.completedYears(on: today)
        let random: SeededRandom = DemoLife.draws(person, "life")
        let works: Bool = random.integer(in: 0..<10) < 7 || isPlayed
        let isAtWork: Bool = (20..<DemoLife.pensionAge).contains(age) && works
        let employer: String = random.pick(DemoLife.employers)
        self.employer = isAtWork ? employer : nil
        baseFen = (3_200 + 100 * random.integer(in: 0..<60)) * 100
        wasEmployed = random.integer(in: 0..<2) == 0 || isPlayed
        let drives: Bool = random.integer(in: 0..<3) > 0 || isPlayed
        self.drives = drives && (20..<70).contains(age)
        bank = random.pick(DemoLife.banks)
    }

    var isOld: Bool { age >= DemoLife.pensionAge }
    var isAdult: Bool { age >= 18 }
    var isSelfEmployed: Bool { isAdult && !isOld && employer == nil }

    /// Draws for one subject, always the same for the same person.
    func draws(_ subject: String) -> SeededRandom { DemoLife.draws(person, subject) }

    private static func draws(_ person: DemoPerson, _ subject: String) -> SeededRandom {
        // FNV-1a
        var seed: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(person.id) \(subject)".utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return SeededRandom(seed: seed)
    }

    /// A number of somebody's account: digits that are no bank's.
    func account(_ subject: String, prefix: String, digits: Int) -> String {
        let random: SeededRandom = draws("account \(subject)")
        return prefix + (0..<digits).map { _ in String(random.integer(in: 0..<10)) }.joined()
    }

    /// The first days of the months before this one, the latest first.
    func months(_ count: Int) -> [CivilDate] {
        (1...count).map { back in
            let month: Int = today.year * 12 + today.month - 1 - back
            return CivilDate(year: month / 12, month: month % 12 + 1, day: 1) ?? today
        }
    }

    func ago(_ days: Int) -> String { today.adding(days: -days).description }
    func ahead(_ days: Int) -> String { today.adding(days: days).description }
}

extension SeededRandom {
    /// One of several.
    ///
    /// - Precondition: there is one.
    func pick<T>(_ choices: [T]) -> T { choices[integer(in: 0..<choices.count)] }
}

extension CivilDate {
    /// `2026-03`.
    var monthText: String { String(description.prefix(7)) }
}

/// Fen as data files write them: `1234.50`.
func yuan(_ fen: Int) -> String { "\(fen / 100).\(fen % 100 < 10 ? "0" : "")\(fen % 100)" }
