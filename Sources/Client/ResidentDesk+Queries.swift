internal import Contract
internal import Dialogue
package import Foundation
internal import Kernel
internal import RPC

// Queries, certificates, identity.

extension ResidentDesk {
    private var certificates: OneStopV1.CertificateServiceClient { .init(channel: session.channel) }

    /// How long a department's system and ours may take together.
    private static let queryTime: Duration = .seconds(20)
    /// Older looks are asked for at a counter.
    private static let accessesAtMost: Int32 = 50
    /// A PDF of a certificate is far smaller.
    private static let documentBytesAtMost = 8 * 1_024 * 1_024

    func performQueries(_ request: OneStopRequest) async throws -> OneStopResponse {
        let queries = OneStopV1.QueryServiceClient(channel: session.channel)
        switch request {
        case .query(let item):
            let query = try await queries.getQuery(.init(item: item), options: session.options())
            let held = query.personal && session.isSignedIn ? try await mandatesHeld(for: item) : []
            return .query(QueryView(query, mandates: held))
        case .runQuery(let item, let parameters, let mandate, let requestID):
            let request = OneStopV1.RunQueryRequest(
                item: item, parameters: parameters.map(\.message), mandate: mandate, requestID: requestID)
            let options = session.options(timeout: Self.queryTime)
            return .queryAnswer(QueryAnswerView(try await queries.runQuery(request, options: options)))
        case .dataAccesses:
            let residents = PlatformV1.ResidentServiceClient(channel: session.channel)
            let answer = try await residents.listMyDataAccesses(
                .init(pageSize: Self.accessesAtMost), options: session.options())
            return .dataAccesses(answer.accesses.map(DataAccessView.init))
        case .verifyIdentity(let idNumber, let name, let code, let requestID):
            let request = PlatformV1.VerifyIdentityRequest(
                idNumber: idNumber, fullName: name, code: code, requestID: requestID)
            let me = try await session.identity.verifyIdentity(request, options: session.options())
            return .identityVerified(try await person(me))
        case .kiosk(let code):
            let kiosks = PlatformV1.KioskSignInServiceClient(channel: session.channel)
            let request = PlatformV1.ConfirmQRSignInRequest(code: code, validateOnly: true)
            let answer = try await kiosks.confirmQRSignIn(request, options: session.options())
            return .kiosk(text: answer.kioskText, code: code)
        case .act(let act, let requestID): return try await perform(act, requestID)
        default: return try await performCertificates(request)
        }
    }

    private func performCertificates(_ request: OneStopRequest) async throws -> OneStopResponse {
        let options = session.options()
        switch request {
        case .certificates(let page):
            let request = OneStopV1.ListCertificatesRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await certificates.listCertificates(request, options: options)
            return .certificates(answer.certificates.map(CertificateView.init), next: answer.nextPageToken)
        case .certificate(let name):
            return .certificate(
                CertificateView(try await certificates.getCertificate(.init(name: name), options: options)))
        case .saveCertificate(let name, let path): return try await save(name, to: path)
        case .verifyCertificate(let text):
            let answer = try await certificates.verifyCertificate(.init(credential: text), options: options)
            return .verified(VerificationView(answer))
        case .findProof(let words):
            let answer = try await certificates.findProof(.init(words: words), options: options)
            return .proofs(
                types: answer.types.map(ProofView.init),
                refused: answer.refusedProofs.map(RefusedProofView.init), words: words)
        default: return try await performHalls(request)
        }
    }

    /// The PDF of a certificate, `certificates/{number}`, as a kiosk prints it.
    package func certificateDocument(_ name: String) async throws -> Data {
        var document = Data()
        let options = session.options(timeout: .seconds(60))
        for try await chunk in certificates.downloadCertificate(.init(name: name), options: options) {
            document.append(contentsOf: chunk.data)
            guard document.count <= Self.documentBytesAtMost else {
                throw RPCError(code: .resourceExhausted, message: "the document is too large")
            }
        }
        return document
    }

    /// Never writes over a file that is there: it may be somebody's only copy of something else.
    private func save(_ name: String, to path: String) async throws -> OneStopResponse {
        var url = URL(filePath: path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst() : path)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
            url.append(path: String(name.split(separator: "/").last ?? "certificate") + ".pdf")
        }
        let language = session.language
        let refused = { (zh: String, en: String) in
            Failure(kind: .refused, reason: "FILE_NOT_WRITTEN", text: language == .chinese ? zh : en)
        }
        guard !FileManager.default.fileExists(atPath: url.path) else {
            throw refused("已经有这个文件了，请换个名字：\(url.path)", "There is such a file already: \(url.path)")
        }
        let document = try await certificateDocument(name)
        do { try document.write(to: url, options: .withoutOverwriting) } catch {
            throw refused("存不了这个文件：\(url.path)。请换个地方。", "The file cannot be written: \(url.path).")
        }
        return .saved(path: url.path)
    }
}
