import Contract
import Crypto
import Kernel
import Platform
import RPC

extension BilingualText {
    fileprivate var wire: PlatformV1.Text { PlatformV1.Text(zh: zh, en: en) }
}

extension CertificateType {
    var message: OneStopV1.CertificateType {
        OneStopV1.CertificateType(
            id: id, title: title.wire, description: description.wire, questions: questions.map(\.message),
            validityDays: Int32(clamping: validityDays), item: item.isEmpty ? "" : "items/\(item)")
    }
}

extension CertificateType.Question {
    fileprivate var message: OneStopV1.FormQuestion {
        var question: OneStopV1.FormQuestion = OneStopV1.FormQuestion()
        question.id = id
        question.prompt = prompt.wire
        question.label = label.wire
        question.sensitive = personal != nil
        switch kind {
        case .text(let maximum):
            question.kind = .text
            (question.minimum, question.maximum) = (1, Int64(maximum))
        case .number(let range):
            question.kind = .number
            (question.minimum, question.maximum) = (Int64(range.lowerBound), Int64(range.upperBound))
        case .date: question.kind = .date
        case .choice(let choices):
            question.kind = .choice
            question.choices = choices.map { OneStopV1.FormChoice(value: $0.value, label: $0.label.wire) }
        }
        return question
    }
}

extension RefusedProof {
    var message: OneStopV1.RefusedProof {
        OneStopV1.RefusedProof(
            id: id, title: title.wire, legalBasis: legalBasis, instead: instead.wire,
            item: item.isEmpty ? "" : "items/\(item)")
    }
}

extension SignatureAlgorithm {
    /// Unspecified is the server's default.
    init(wire: OneStopV1.SignatureAlgorithm) throws(Refusal) {
        switch wire {
        case .unspecified, .ed25519: self = .ed25519
        case .sm2: self = .sm2
        case .unrecognized: throw CertificateTexts.algorithmInvalid
        }
    }

    var wire: OneStopV1.SignatureAlgorithm {
        switch self {
        case .ed25519: .ed25519
        case .sm2: .sm2
        case .ecdsaP256: .unspecified
        }
    }
}

extension Credential.Line {
    var message: OneStopV1.CertificateLine { OneStopV1.CertificateLine(label: label, value: value) }
}

extension Certificate {
    /// The holder sees the own name whole. Lists leave lines and credential out.
    func message(for principal: Principal, at now: Instant, isWhole: Bool) -> OneStopV1.Certificate {
        OneStopV1.Certificate(
            name: name, number: number, type: type, title: title.wire,
            holderText: principal.name == holder ? principal.displayName : holderText,
            issuerText: issuerText, lines: isWhole ? lines.map(\.message) : [],
            state: OneStopV1.CertificateState(rawValue: Int32(state(at: now).rawValue)),
            issueTime: GoogleProtobuf.Timestamp(issueTime), expireTime: GoogleProtobuf.Timestamp(expireTime),
            revokeReason: revokeReason, keyID: keyID, algorithm: algorithm.wire,
            credential: isWhole ? credential : "", application: application)
    }
}

extension TrustedKey {
    func message() throws -> OneStopV1.CertificateKey {
        OneStopV1.CertificateKey(
            id: id.description, algorithm: key.algorithm.wire, publicKeyPem: try key.pem(),
            createTime: GoogleProtobuf.Timestamp(createTime),
            retireTime: retireTime.map { GoogleProtobuf.Timestamp($0) },
            revokeTime: revokeTime.map { GoogleProtobuf.Timestamp($0) })
    }
}

extension CredentialCheck.Finding {
    var wire: OneStopV1.VerificationResult {
        switch self {
        case .valid: .valid
        case .expired: .expired
        case .revoked: .revoked
        case .tampered: .tampered
        case .unknownKey: .unknownKey
        case .unreadable: .unreadable
        }
    }
}
