import Crypto
import Kernel
import Platform

/// What a certificate may say, by the data of its type.
enum CertificateRules {
    static let reasonRule: TextRule = TextRule(2...200)
    /// Hours that a status list is good for.
    static let statusListHours: Int64 = 24
    /// Roles that issue and revoke.
    static let issuingRoles: [Role] = [.counterClerk, .departmentOfficer]
    /// Checks that one address may make in a minute.
    static let checksPerMinute: Int = 60

    /// The holder's own values, in the clear.
    struct Holder: Sendable {
        let name: String
        /// Nil before identity level 2.
        let idNumber: String?
        let phone: String
    }

    /// The answers, checked: each question answered, nothing else said.
    ///
    /// - Throws: INVALID_ARGUMENT with every problem at once.
    static func check(_ answers: [String: String], of type: CertificateType, today: CivilDate)
        throws(Refusal) -> [String: String]
    {
        var checked: [String: String] = [:]
        var problems: [FieldViolation] = []
        for question in type.questions {
            do throws(Refusal) {
                checked[question.id] = try check(answers[question.id] ?? "", of: question, today: today)
            } catch {
                problems += error.fields
            }
        }
        for unknown in Set(answers.keys).subtracting(type.questions.map(\.id)).sorted() {
            problems.append(
                FieldViolation(
                    field: "answers.\(unknown)", reason: "QUESTION_UNKNOWN",
                    zh: "这种证明没有“\(unknown)”这一项。", en: "This type has no question '\(unknown)'."))
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return checked
    }

    private static func check(_ answer: String, of question: CertificateType.Question, today: CivilDate)
        throws(Refusal) -> String
    {
        let field: String = "answers.\(question.id)"
        func wrong(_ zh: String, _ en: String) -> Refusal {
            .invalid(
                field: field, reason: "ANSWER_INVALID", zh: "“\(question.label.zh)”\(zh)",
                en: "'\(question.label.text(in: .english))' \(en)")
        }
        switch question.kind {
        case .text(let maximum):
            do throws(Refusal) {
                return try TextRule(1...maximum).apply(answer, field: field)
            } catch { throw wrong("应为1到\(maximum)个字。", "has 1 to \(maximum) characters.") }
        case .number(let range):
            guard let number = Int(answer.trimmed), range.contains(number) else {
                throw wrong(
                    "应为\(range.lowerBound)到\(range.upperBound)的整数。",
                    "is a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return String(number)
        case .date:
            guard let date = CivilDate(answer.trimmed), date.year >= 1_900 else {
                throw wrong("应为日期，写作2026-03-01。", "is a day such as 2026-03-01.")
            }
            guard date <= today else { throw wrong("不能晚于今天。", "must not lie in the future.") }
            return date.text(in: .chinese)
        case .choice(let choices):
            guard let choice = choices.first(where: { $0.value == answer }) else {
                let known: String = choices.map(\.value).joined(separator: "、")
                throw wrong("请从\(known)中选一个。", "is one of \(known).")
            }
            return choice.label.zh
        }
    }

    /// The lines of the paper. Personal values are masked unless the type says that its use demands them.
    ///
    /// - Throws: FAILED_PRECONDITION (`HOLDER_NOT_IDENTIFIED`) if the ID number is needed and not known.
    static func lines(of type: CertificateType, _ answers: [String: String], holder: Holder) throws(Refusal)
        -> [Credential.Line]
    {
        var values: [String: String] = answers
        for question in type.questions {
            guard let personal = question.personal, !type.clear.contains(question.id) else { continue }
            values[question.id] = personal.masked(answers[question.id] ?? "")
        }
        if type.placeholders.contains("id_number"), holder.idNumber == nil {
            throw CertificateTexts.holderNotIdentified
        }
        let own: [String: String] = [
            "name": holder.name, "id_number": holder.idNumber ?? "", "phone": holder.phone,
        ]
        for (field, personal) in CertificateType.holderFields {
            let value: String = own[field] ?? ""
            values[field] = type.clear.contains(field) ? value : personal.masked(value)
        }
        return type.lines.map { line in
            Credential.Line(label: line.label, value: filled(line.value, values))
        }
    }

    /// One pass, so that braces in an answer stay braces.
    private static func filled(_ template: String, _ values: [String: String]) -> String {
        var result: String = ""
        var rest: Substring = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            result += values[String(rest[rest.index(after: open)..<close])] ?? ""
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    /// The grant by which the caller issues this type for a holder who lives at `path`: the place or department has to be of
    /// a level that issues it, and the holder has to live there.
    ///
    /// - Throws: PERMISSION_DENIED if the holder lives elsewhere; FAILED_PRECONDITION (`ISSUER_LEVEL`) if a community, say,
    ///   issues what is the department's.
    static func issuer(
        of type: CertificateType, among bodies: [OrganizationRecord], holderPath: String
    ) throws(Refusal) -> OrganizationRecord {
        guard !bodies.isEmpty else { throw CertificateTexts.outOfScope }
        guard let issuer = bodies.first(where: { type.issuedBy.contains($0.level) }) else {
            throw CertificateTexts.wrongLevel(type.title)
        }
        return issuer
    }

    /// - Throws: FAILED_PRECONDITION (`CERTIFICATE_REVOKED`) if it was revoked before.
    static func checkRevocable(_ certificate: Certificate) throws(Refusal) {
        guard certificate.revokeTime == nil else { throw CertificateTexts.alreadyRevoked }
    }

    /// How many places a status list for `count` certificates has: at least twice as many, so that a place tells nothing of
    /// how many there are, and none is guessed.
    static func capacity(for count: Int) -> Int {
        var capacity: Int = StatusList.minimumCapacity
        while capacity < 2 * count, capacity < StatusList.maximumCapacity { capacity *= 2 }
        return capacity
    }
}
