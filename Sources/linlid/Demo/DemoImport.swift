import Crypto
import GrassrootsWork
import Kernel
import LifeCircle
import OneStop
import Platform
import Storage

/// Puts the demonstration data into a store that has none.
struct DemoImport: Sendable {
    let platform: Platform
    let hasher: PasswordHasher
    /// Takes in what the one-stop service did.
    let services: PastServices
    /// Told after each batch: how many of how many things are stored.
    let progress: @Sendable (_ done: Int, _ total: Int) -> Void

    /// So many residents of 凤台社区, the first with a phone, have a password for the demonstration.
    static let playersCount: Int = 2

    /// Rows of one transaction: few enough that others get their turn, enough that one commit serves many.
    static let batchSize: Int = 500

    /// How much of the demonstration a store has.
    enum Presence: Sendable, Equatable {
        case none
        /// Loading was cut off: what is there cannot be completed.
        case partial
        case whole
    }

    /// Places are stored first, and staff last, in one transaction with what they did for residents: who has both has
    /// everything.
    func presence() async throws -> Presence {
        let accounts = StaffAccounts(keyring: platform.keyring)
        return try await platform.readAsSystem { context in
            guard try Organizations.find(context.connection, DemoPlaces.fengtai) != nil else { return .none }
            let hasStaff: Bool = try accounts.find(context.connection, id: DemoStaff.firstID) != nil
            return hasStaff ? .whole : .partial
        }
    }

    /// Stores everything, in the order in which one thing needs another; staff last, see `presence`.
    ///
    /// - Returns: the sign-ins of the few people whom the demonstration plays, for a file that only its owner can read.
    func load(_ data: DemoData) async throws -> [DemoSignIn] {
        let residents: [DemoPerson] = data.people.filter { $0.phone != nil }
        var counter = Counter(
            total: data.organizations.count + data.staff.count + residents.count + data.shops.count
                + data.cases.count + data.services.count, tell: progress)
        try await store(data.organizations, "demo.organizations", &counter) { place, unit in
            if try Organizations.find(unit.connection, place.code) == nil {
                try Organizations.insert(unit.connection, place)
            }
        }
        let (players, playerSignIns): ([String: String], [DemoSignIn]) = try await players(residents)
        try await store(residents, "demo.residents", &counter) { [platform] person, unit in
            try DemoImport.insert(person, password: players[person.id], platform.keyring, unit)
        }
        try await store(data.shops, "demo.shops", &counter) { try ShopStore.insert($0.shop, $1) }
        try await storeCases(data, &counter)
        let (staff, staffSignIns): ([NewStaff], [DemoSignIn]) = try await accounts(data.staff)
        try await platform.performAsSystem(action: "demo.staff_and_services") { [platform, services] unit in
            for (member, account) in zip(data.staff, staff) {
                try DemoImport.insert(member, account, platform.keyring, unit)
            }
            try DemoServiceTeller(services: services, files: platform.files, unit: unit).tell(data.services)
            unit.audit(
                subject: "demo",
                details: ["staff": String(staff.count), "services": String(data.services.count)])
        }
        counter.add(data.staff.count + data.services.count)
        return staffSignIns + playerSignIns
    }

    private struct Counter {
        let total: Int
        let tell: @Sendable (Int, Int) -> Void
        private var done: Int = 0

        init(total: Int, tell: @escaping @Sendable (Int, Int) -> Void) {
            self.total = total
            self.tell = tell
        }

        mutating func add(_ count: Int) {
            done += count
            tell(done, total)
        }
    }

    private func store<T: Sendable>(
        _ items: [T], _ action: String, _ counter: inout Counter,
        _ insert: @escaping @Sendable (T, UnitOfWork) throws -> Void
    ) async throws {
        var rest: ArraySlice<T> = items[...]
        while !rest.isEmpty {
            let batch: [T] = Array(rest.prefix(DemoImport.batchSize))
            rest = rest.dropFirst(batch.count)
            try await platform.performAsSystem(action: action) { unit in
                for item in batch { try insert(item, unit) }
                unit.audit(subject: "demo", details: ["count": String(batch.count)])
            }
            counter.add(batch.count)
        }
    }

    private func storeCases(_ data: DemoData, _ counter: inout Counter) async throws {
        let posts: [String: String] = DemoImport.posts(data)
        let past: [PastCase] = data.cases.map { $0.past(posts: posts) }
        let cases = CaseImport(documents: platform.documents)
        let numbers: [String] = try await platform.performAsSystem(action: "demo.case_numbers") { unit in
            unit.audit(subject: "demo", details: ["count": String(past.count)])
            return try cases.numbers(past, unit)
        }
        try await store(Array(zip(past, numbers)), "demo.cases", &counter) { pair, unit in
            try cases.insert(pair.0, number: pair.1, numbers: numbers, unit)
        }
    }

    /// Body and post of each member of staff.
    private static func posts(_ data: DemoData) -> [String: String] {
        let names: [String: String] = Dictionary(
            data.organizations.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
        return Dictionary(
            uniqueKeysWithValues: data.staff.map {
                ($0.resourceName, "\(names[$0.organization] ?? $0.organization)·\($0.post)")
            })
    }
}

/// How to sign in as somebody of the demonstration.
struct DemoSignIn: Sendable {
    /// What the person is there for, such as 派遣员.
    let post: String
    /// Account name, or phone of a resident.
    let account: String
    let password: String
    /// Nil for residents, who get a code by text message.
    var totpURI: String?
    /// What a reader reads from a resident's ID card, `NUMBER NAME`; nil for staff.
    var card: String?
}

extension DemoImport {
    /// The accounts of staff. Those who sign in get a password of their own; all others one that nobody knows.
    private func accounts(_ staff: [DemoStaff]) async throws -> ([NewStaff], [DemoSignIn]) {
        let locked: String = try await hasher.hash(Password(parsing: SecureRandom.token(bytes: 24)))
        var accounts: [NewStaff] = []
        var signIns: [DemoSignIn] = []
        for member in staff {
            let secret: [UInt8] = TOTP.newSecret()
            var hash: String = locked
            if member.signsIn {
                let password: String = SecureRandom.token(bytes: 12)
                hash = try await hasher.hash(Password(parsing: password))
                signIns.append(
                    DemoSignIn(
                        post: member.post, account: member.account, password: password,
                        totpURI: try TOTP(secret: secret).otpauthURI(issuer: "Linli", account: member.account)
                    ))
            }
            accounts.append(
                NewStaff(
                    id: member.id, account: member.account, fullName: member.name.text, post: member.post,
                    organizationCode: member.organization, passwordHash: hash, totpSecret: secret,
                    synthetic: true))
        }
        return (accounts, signIns)
    }

    /// Two residents of 凤台社区 who sign in, with the hashes of their passwords by id.
    private func players(_ residents: [DemoPerson]) async throws -> ([String: String], [DemoSignIn]) {
        var hashes: [String: String] = [:]
        var signIns: [DemoSignIn] = []
        let neighbours: [DemoPerson] = residents.filter { $0.home.hasPrefix(DemoPlaces.fengtai) }
        for person in neighbours.prefix(DemoImport.playersCount) {
            let password: String = SecureRandom.token(bytes: 12)
            hashes[person.id] = try await hasher.hash(Password(parsing: password))
            signIns.append(
                DemoSignIn(
                    post: "居民", account: person.phone?.text ?? "", password: password,
                    card: "\(person.idNumber.text) \(person.name.text)"))
        }
        return (hashes, signIns)
    }

    private static func insert(
        _ member: DemoStaff, _ account: NewStaff, _ keyring: Keyring, _ unit: UnitOfWork
    ) throws {
        let accounts = StaffAccounts(keyring: keyring)
        guard try accounts.insert(unit, account) else {
            throw Refusal.alreadyExists(
                zh: "账号\(account.account)已存在。", en: "There is an account \(account.account).")
        }
        for grant in member.grants {
            try accounts.insertGrant(
                unit, staffID: member.id, role: grant.role,
                scope: try Organizations.get(unit.connection, grant.scope), departmentCode: grant.department)
        }
    }

    private static func insert(
        _ person: DemoPerson, password: String?, _ keyring: Keyring, _ unit: UnitOfWork
    ) throws {
        guard let phone = person.phone else { return }
        try Residents(keyring: keyring).insert(
            unit,
            NewResident(
                id: person.id, phone: phone, fullName: person.name, passwordHash: password, level: .idNumber,
                idNumber: person.idNumber, homeCode: person.home, synthetic: true))
    }
}

extension DemoShop {
    /// As the life circle keeps it.
    var shop: Shop {
        Shop(
            id: id, name: name, trade: trade, address: address, phone: phone, point: point,
            openingHours: openingHours, takesOrders: takesOrders, synthetic: true,
            offers: offers.map {
                ShopOffer(id: $0.id, label: $0.label, priceFen: $0.priceFen, unit: $0.unit)
            })
    }
}

extension DemoCase {
    /// As grassroots work takes it in.
    ///
    /// - Parameter posts: body and post by `staff/…`.
    func past(posts: [String: String]) -> PastCase {
        PastCase(
            category: category.id, description: description, grid: grid, place: place,
            channel: CaseChannel(rawValue: channel) ?? .chatbot,
            resident: reporter.hasPrefix("residents/") ? reporter : nil, creator: reporter,
            instance: instance,
            createTime: createTime, clockStart: clockStart, stepStart: stepStart, extensions: extensions,
            pauses: pauses.map {
                CasePause(
                    start: $0.start, end: $0.end, reason: $0.reason, evidence: $0.evidence,
                    resumeBy: $0.resumeBy)
            },
            mainCase: mainCase,
            steps: steps.map { step in
                PastCase.Step(
                    action: step.action, from: step.from, to: step.to, time: step.time, actor: step.actor,
                    actorText: posts[step.actor] ?? (step.actor == "system" ? "系统" : "居民"), note: step.note)
            })
    }
}
