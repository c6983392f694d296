import Kernel
import Platform

/// A kind of certificate, as data: what is asked, what stands on the paper, who issues it.
struct CertificateType: Sendable, Equatable {
    /// What an answer has to be.
    enum QuestionKind: Sendable, Equatable {
        /// Words, 1 to `maximum` characters.
        case text(maximum: Int)
        case number(ClosedRange<Int>)
        /// A day, `2026-03-01`.
        case date
        case choice([(value: String, label: BilingualText)])

        static func == (left: QuestionKind, right: QuestionKind) -> Bool {
            switch (left, right) {
            case (.text(let a), .text(let b)): a == b
            case (.number(let a), .number(let b)): a == b
            case (.date, .date): true
            case (.choice(let a), .choice(let b)):
                a.map(\.value) == b.map(\.value) && a.map(\.label) == b.map(\.label)
            default: false
            }
        }
    }

    /// How a personal value is masked.
    enum Personal: String, Sendable, CaseIterable {
        case name, phone, address
        case idNumber = "id_number"

        func masked(_ text: String) -> String {
            switch self {
            case .name: Masking.name(text)
            case .idNumber: Masking.idNumber(text)
            case .phone: Masking.phone(text)
            case .address: Masking.address(text)
            }
        }
    }

    struct Question: Sendable, Equatable {
        let id: String
        let prompt: BilingualText
        let label: BilingualText
        let kind: QuestionKind
        /// Masked on the paper unless the type is clear about it; nil if it is not personal.
        let personal: Personal?
    }

    /// One line of the paper; in `value` stand placeholders such as `{name}`.
    struct Line: Sendable, Equatable {
        let label: String
        let value: String
    }

    let id: String
    let title: BilingualText
    /// What people call it besides.
    let words: [String]
    let description: BilingualText
    let legalBasis: String
    let issuedBy: Set<OrganizationLevel>
    let validityDays: Int
    /// Code of the item by which residents apply; empty if only a counter issues it.
    let item: String
    let questions: [Question]
    let lines: [Line]
    /// Placeholders that are not masked, because the use demands it.
    let clear: Set<String>
    /// The same on each paper of the type.
    let statement: String

    /// Placeholders that stand for the holder.
    static let holderFields: [String: Personal] = ["name": .name, "id_number": .idNumber, "phone": .phone]

    /// Placeholders of the lines, in their order.
    var placeholders: [String] { lines.flatMap { CertificateType.placeholders(in: $0.value) } }

    /// `name` and `since` in `{name}自{since}起`.
    static func placeholders(in text: String) -> [String] {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.firstIndex(of: "}").map { String(part[..<$0]) }
        }
    }
}

/// A proof that communities must not issue.
struct RefusedProof: Sendable, Equatable {
    let id: String
    let title: BilingualText
    let words: [String]
    let legalBasis: String
    /// Who does it, or why nobody has to, and how.
    let instead: BilingualText
    /// Code of the item that does it; empty if none.
    let item: String
}

/// Everything about certificates that is data.
struct CertificateCatalogue: Sendable {
    let version: Int
    let types: [CertificateType]

    func type(_ id: String) -> CertificateType? { types.first { $0.id == id } }
}

/// The proofs that are refused.
struct RefusedProofs: Sendable {
    let version: Int
    let proofs: [RefusedProof]
}
