internal import Contract
internal import Dialogue
internal import Kernel
internal import RPC

// Applying: forms, applications, mandates, bundles, the household.

extension ResidentDesk {
    private var bundles: OneStopV1.BundleServiceClient { .init(channel: session.channel) }
    private var mandates: OneStopV1.MandateServiceClient { .init(channel: session.channel) }
    private var households: PlatformV1.HouseholdServiceClient { .init(channel: session.channel) }

    func performOneStop(_ request: OneStopRequest) async throws -> OneStopResponse {
        let options = session.options()
        switch request {
        case .apply(let item): return try await apply(item)
        case .form(let item, let mandate): return .form(try await form(item, mandate: mandate))
        case .check(let submission):
            let request = OneStopV1.CheckAnswersRequest(
                item: submission.item, revision: Int32(clamping: submission.revision),
                answers: submission.answers.map(\.message), mandate: submission.mandate)
            return .checked(CheckView(try await applications.checkAnswers(request, options: options)))
        case .submit(let submission, let requestID):
            let request = OneStopV1.SubmitApplicationRequest(
                item: submission.item, revision: Int32(clamping: submission.revision),
                answers: submission.answers.map(\.message), mandate: submission.mandate, requestID: requestID)
            return .submitted(
                ApplicationView(try await applications.submitApplication(request, options: options)))
        case .upload(let path, let contentTypes, let requestID):
            let file = try Attachment(path: path, contentTypes: contentTypes, in: session.language)
            return .uploaded(
                name: try await file.upload(requestID: requestID, by: session), shown: file.shown)
        default: return try await performApplications(request)
        }
    }

    /// The form for oneself, or the choice for whom if mandates for the item are held.
    private func apply(_ item: String) async throws -> OneStopResponse {
        let held = try await mandatesHeld(for: item)
        guard !held.isEmpty else { return .form(try await form(item, mandate: "")) }
        return .applyChoice(item: item, title: held[0].itemText, mandates: held)
    }

    func form(_ item: String, mandate: String) async throws -> FormView {
        let request = OneStopV1.GetFormRequest(item: item, mandate: mandate)
        return FormView(try await applications.getForm(request, options: session.options()), mandate: mandate)
    }

    /// Usable mandates of others for one item.
    func mandatesHeld(for item: String) async throws -> [MandateView] {
        let request = OneStopV1.ListMandatesRequest(usableOnly: true, pageSize: 100)
        let answer = try await mandates.listMandates(request, options: session.options())
        return answer.mandates.map(MandateView.init).filter { !$0.isGiven && $0.item == item && $0.isUsable }
    }

    private func performApplications(_ request: OneStopRequest) async throws -> OneStopResponse {
        let options = session.options()
        switch request {
        case .applications(let page):
            let request = OneStopV1.ListApplicationsRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await applications.listApplications(request, options: options)
            return .applications(answer.applications.map(ApplicationView.init), next: answer.nextPageToken)
        case .application(let name):
            return .application(
                ApplicationView(try await applications.getApplication(.init(name: name), options: options)))
        case .supplementForm(let name):
            let application = ApplicationView(
                try await applications.getApplication(.init(name: name), options: options))
            let answer = try await applications.getForm(.init(application: name), options: options)
            return .supplementForm(application, FormView(answer, mandate: application.mandate))
        case .supplement(let name, let answers, let note, let requestID):
            let request = OneStopV1.SupplementApplicationRequest(
                name: name, answers: answers.map(\.message), note: note, requestID: requestID)
            return .supplemented(
                ApplicationView(try await applications.supplementApplication(request, options: options)))
        case .withdraw(let name, let reason, let requestID):
            let request = OneStopV1.WithdrawApplicationRequest(
                name: name, reason: reason, requestID: requestID)
            return .withdrawn(
                ApplicationView(try await applications.withdrawApplication(request, options: options)))
        default: return try await performHousehold(request)
        }
    }

    private func performHousehold(_ request: OneStopRequest) async throws -> OneStopResponse {
        let options = session.options()
        switch request {
        case .household:
            let answer = try await households.listHouseholdMembers(.init(), options: options)
            return .household(answer.members.map(HouseholdMemberView.init))
        case .addMember(let member, let requestID):
            let request = PlatformV1.AddHouseholdMemberRequest(
                fullName: member.name, relation: member.relation.message, idNumber: member.idNumber,
                requestID: requestID)
            return .memberAdded(
                HouseholdMemberView(try await households.addHouseholdMember(request, options: options)))
        case .mandates(let page):
            let request = OneStopV1.ListMandatesRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await mandates.listMandates(request, options: options)
            return .mandates(answer.mandates.map(MandateView.init), next: answer.nextPageToken)
        case .createMandate(let mandate, let requestID):
            let request = OneStopV1.CreateMandateRequest(
                item: mandate.item, agentPhone: mandate.agentPhone, agentName: mandate.agentName,
                agentAccount: mandate.agentAccount,
                validityDays: Int32(clamping: mandate.days), requestID: requestID)
            return .mandateCreated(MandateView(try await mandates.createMandate(request, options: options)))
        default: return try await performBundles(request)
        }
    }

    private func performBundles(_ request: OneStopRequest) async throws -> OneStopResponse {
        let options = session.options()
        switch request {
        case .bundles(let words):
            let answer = try await bundles.listBundles(.init(), options: options)
            return .bundles(answer.bundles.map(BundleView.init), words: words)
        case .bundleForm(let bundle, let optional):
            let answer = try await bundles.getBundleForm(
                .init(name: bundle.name, optionalItems: optional), options: options)
            return .bundleForm(bundle, optionalItems: optional, FormView(answer, mandate: ""))
        case .submitBundle(let name, let optional, let answers, let requestID):
            let request = OneStopV1.SubmitBundleRequest(
                name: name, optionalItems: optional, answers: answers.map(\.message), requestID: requestID)
            return .bundleSubmitted(BundleCaseView(try await bundles.submitBundle(request, options: options)))
        case .bundleCases(let page):
            let request = OneStopV1.ListBundleCasesRequest(pageSize: Self.pageSize, pageToken: page)
            let answer = try await bundles.listBundleCases(request, options: options)
            return .bundleCases(answer.cases.map(BundleCaseView.init), next: answer.nextPageToken)
        case .bundleCase(let name):
            return .bundleCase(
                BundleCaseView(try await bundles.getBundleCase(.init(name: name), options: options)))
        default: return try await performQueries(request)
        }
    }

    // MARK: Small acts

    func perform(_ act: Act, _ requestID: String) async throws -> OneStopResponse {
        let options = session.options()
        switch act {
        case .urge(let name):
            let request = OneStopV1.UrgeApplicationRequest(name: name, requestID: requestID)
            return .urged(ApplicationView(try await applications.urgeApplication(request, options: options)))
        case .removeMember(let name):
            _ = try await households.removeHouseholdMember(
                .init(name: name, requestID: requestID), options: options)
        case .revokeMandate(let name):
            _ = try await mandates.revokeMandate(.init(name: name, requestID: requestID), options: options)
        case .cancelAppointment(let name):
            _ = try await appointments.cancelAppointment(
                .init(name: name, requestID: requestID), options: options)
        case .cancelTicket(let name, let claim):
            _ = try await queue.cancelTicket(
                .init(name: name, claim: claim, requestID: requestID), options: options)
        case .confirmKioskSignIn(let code):
            let kiosks = PlatformV1.KioskSignInServiceClient(channel: session.channel)
            let answer = try await kiosks.confirmQRSignIn(
                .init(code: code, requestID: requestID), options: options)
            return .acted(act, text: answer.kioskText)
        case .forgetAnswers:
            let answer = try await applications.forgetKnownAnswers(
                .init(requestID: requestID), options: options)
            return .acted(act, text: String(answer.forgottenCount))
        }
        return .acted(act, text: "")
    }
}
