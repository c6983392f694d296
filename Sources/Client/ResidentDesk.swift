package import Contract
package import Dialogue
package import Kernel
internal import RPC

/// Answers a resident's conversation by asking the server: each `Request` is one or two calls, each answer is turned
/// into what the screens show.
package struct ResidentDesk: Desk {
    /// How many lines a page of a list asks for: several screens, so that 更多 seldom waits.
    static let pageSize: Int32 = 40
    /// Pages of places under one parent that are fetched; a village has far fewer.
    static let placePagesAtMost = 10

    package let session: ClientSession

    package init(session: ClientSession) {
        self.session = session
    }

    package func answer(_ request: Request, in language: Language) async throws(Failure) -> Response {
        session.language = language
        do {
            return try await perform(request)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw failure(error, of: request, in: language)
        }
    }

    /// Why a call failed, in the words of the conversation.
    private func failure(_ error: any Error, of request: Request, in language: Language) -> Failure {
        if let problem = error as? PrivateFile.Problem {
            return Failure(kind: .refused, text: language == .chinese ? problem.zh : problem.en)
        }
        let why = Explanation(error, in: language)
        var text = why.text
        for field in why.fields where !text.contains(field.text) { text += "\n" + field.text }
        let kind: Failure.Kind
        switch why.code {
        case .unavailable, .deadlineExceeded: kind = .connectionLost
        case .resourceExhausted: kind = .busy
        case .unauthenticated:
            // A wrong password is an answer to this question; a session that has run out is not.
            kind = request.isSignIn ? .refused : .unauthenticated
            if kind == .unauthenticated { session.forget() }
        case .unimplemented:
            // The server's own words are for those who build clients.
            kind = .refused
            text =
                language == .chinese
                ? "这一项现在还办不了。请打 12345 问一问。" : "This is not available yet. Please call 12345."
        default: kind = .refused
        }
        return Failure(
            kind: kind, reason: why.reason, text: text,
            fields: Dictionary(why.fields.map { (Self.question($0.field), $0.text) }) { first, _ in first },
            requiredLevel: why.metadata["requiredLevel"].flatMap { Int($0) } ?? 2)
    }

    /// The id of the question in the path of a field: `answers.school`, `answers[school].value` and `school` are all
    /// about `school`.
    static func question(_ path: String) -> String {
        let parts = path.split { ".[]\"'".contains($0) }.filter {
            $0 != "value" && $0 != "answers" && $0 != "parameters"
        }
        return parts.last.map(String.init) ?? path
    }

    /// The menus and the greeting for a front end.
    package func definition(
        in language: Language, for surface: Surface = .chatbot
    ) async throws(Failure) -> (definition: Definition, greeting: Text) {
        let dialogue = PlatformV1.DialogueServiceClient(channel: session.channel)
        do {
            let menu = try await dialogue.getMenu(
                .init(frontEnd: surface == .kiosk ? .kiosk : .chatbot), options: session.options())
            let book = MenuBook(menu, title: Text("主菜单", "Main menu"))
            let definition = Definition(
                menus: book, hotline: Definition.hotlineText(menu.hotline), surface: surface)
            return (definition, Text(menu.greeting))
        } catch {
            let why = Explanation(error, in: language)
            throw Failure(
                kind: why.isTemporary ? .connectionLost : .refused, reason: why.reason,
                text: "\(why.text)\n  \(why.technical)")
        }
    }

    // MARK: What is asked of the server

    private func perform(_ request: Request) async throws -> Response {
        switch request {
        case .sendCode(let phone, let purpose): return try await sendCode(phone, purpose)
        case .signIn(let phone, let code, let password):
            return .signedIn(
                try await person(session.signInResident(phone: phone, code: code, password: password)))
        case .register(let phone, let code, let name, let password, let requestID):
            let request = PlatformV1.RegisterResidentRequest(
                phone: phone, code: code, fullName: name, password: password, requestID: requestID)
            return .signedIn(try await person(session.registerResident(request)))
        case .signOut:
            try await session.signOut()
            return .signedOut
        case .places(let parent): return .places(try await places(below: parent))
        case .findPlaces(let words): return .places(try await findPlaces(words))
        case .inspectPhoto(let path): return try Photo.inspect(path, in: session.language)
        default: return try await performReports(request)
        }
    }

    private func sendCode(_ phone: String, _ purpose: Request.CodePurpose) async throws -> Response {
        let purpose: PlatformV1.CodePurpose =
            switch purpose {
            case .register: .register
            case .signIn: .signIn
            case .verifyIdentity: .verifyIdentity
            }
        let request = PlatformV1.SendCodeRequest(phone: phone, purpose: purpose)
        let answer = try await session.identity.sendCode(request, options: session.options())
        return .codeSent(lifetimeSeconds: Int(answer.lifetimeSeconds))
    }

    /// The person who is signed in; nil if nobody is, or no longer.
    package func currentPerson() async throws(Failure) -> Person? {
        guard session.isSignedIn else { return nil }
        do {
            return try await person(session.me())
        } catch {
            let why = Explanation(error, in: session.language)
            if why.code == .unauthenticated {
                session.forget()
                return nil
            }
            throw Failure(kind: .connectionLost, reason: why.reason, text: why.text)
        }
    }

    /// A person as the dialogue knows one, for front ends that sign people in by other ways.
    package func person(_ me: PlatformV1.Me) async throws -> Person {
        var person = Person(
            id: me.name, displayName: me.displayName, maskedPhone: me.maskedPhone,
            identityLevel: Self.level(me.level))
        if !me.home.isEmpty {
            let request = PlatformV1.GetOrganizationRequest(name: me.home)
            let home = try await organizations.getOrganization(request, options: session.options())
            person.home = PlaceNode(home)
        }
        return person
    }

    private static func level(_ level: PlatformV1.IdentityLevel) -> Int {
        switch level {
        case .counter: 3
        case .idNumber: 2
        default: 1
        }
    }

    // MARK: Places

    private var organizations: PlatformV1.OrganizationServiceClient { .init(channel: session.channel) }

    private func places(below parent: PlaceNode?) async throws -> [PlaceNode] {
        var places: [PlatformV1.Organization] = []
        var request = PlatformV1.ListOrganizationsRequest(parent: parent?.id ?? "", pageSize: 100)
        for _ in 0..<Self.placePagesAtMost {
            let page = try await organizations.listOrganizations(request, options: session.options())
            places += page.organizations
            if page.nextPageToken.isEmpty { break }
            request.pageToken = page.nextPageToken
        }
        return places.filter { $0.level != .department }.map(PlaceNode.init)
    }

    private func findPlaces(_ words: String) async throws -> [PlaceNode] {
        let request = PlatformV1.SearchOrganizationsRequest(query: words, pageSize: 20)
        let found = try await organizations.searchOrganizations(request, options: session.options())
        return found.organizations.filter { $0.level != .department }.map(PlaceNode.init)
    }

    // MARK: The line

    package func waitUntilReachable() async { await session.waitUntilReachable() }

    package func follow(
        report number: String, in language: Language, changed: @escaping @Sendable (ReportView) async -> Void
    ) async {
        await follow(in: language) { resumeToken, take in
            let request = ResidentServicesV1.WatchReportRequest(
                name: "reports/\(number)", resumeToken: resumeToken)
            for try await update in reports.watchReport(
                request, options: session.options(timeout: Self.streamTime))
            {
                await take(update.resumeToken, update.report.map(ReportView.init))
            }
        } changed: {
            await changed($0)
        }
    }

    package func follow(
        application name: String, in language: Language,
        changed: @escaping @Sendable (ApplicationView) async -> Void
    ) async {
        await follow(in: language) { resumeToken, take in
            let request = OneStopV1.WatchApplicationRequest(name: name, resumeToken: resumeToken)
            let options = session.options(timeout: Self.streamTime)
            for try await update in applications.watchApplication(request, options: options) {
                await take(update.resumeToken, update.application.map(ApplicationView.init))
            }
        } changed: {
            await changed($0)
        }
    }

    private static let streamTime: Duration = .seconds(3_600)

    /// Follows a stream that begins with the thing as it is, which the person has just seen; connects again by itself.
    private func follow<View: Sendable>(
        in language: Language,
        by stream: (_ resumeToken: String, _ take: (String, View?) async -> Void) async throws -> Void,
        changed: @escaping @Sendable (View) async -> Void
    ) async {
        var token = ""
        var pause: Duration = .seconds(1)
        while !Task.isCancelled {
            do {
                var isFirst = token.isEmpty
                try await stream(token) { resumeToken, view in
                    if !resumeToken.isEmpty { token = resumeToken }
                    guard let view else { return }
                    if !isFirst { await changed(view) }
                    isFirst = false
                    pause = .seconds(1)
                }
            } catch {
                switch Explanation(error, in: language).code {
                case .unavailable, .deadlineExceeded, .resourceExhausted, .internalError, .unknown, .aborted:
                    break
                default: return
                }
            }
            do { try await Task.sleep(for: pause) } catch { return }
            pause = min(pause * 2, .seconds(30))
        }
    }

    var applications: OneStopV1.ApplicationServiceClient { .init(channel: session.channel) }
    var reports: ResidentServicesV1.ReportServiceClient { .init(channel: session.channel) }
}

extension Request {
    fileprivate var isSignIn: Bool {
        switch self {
        case .signIn, .register, .sendCode: true
        default: false
        }
    }
}
