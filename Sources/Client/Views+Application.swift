internal import Contract
internal import Dialogue
internal import Kernel

// Applications, mandates and bundles, from the contract to the screens.

extension ApplicationView {
    init(_ application: OneStopV1.Application) {
        let verbs: [Verb] = application.availableActions.compactMap { Verb(rawValue: $0) }
        self.init(
            name: application.name, number: application.number, item: application.item,
            itemText: application.itemText, department: application.departmentText,
            state: Text(application.stateText), nextOwner: Text(application.nextOwner),
            clock: application.deadline.flatMap(ReportView.Clock.init),
            statutoryClock: application.statutoryDeadline.flatMap(ReportView.Clock.init),
            applicant: application.applicantText, agent: application.agentText, mandate: application.mandate,
            answers: application.answers.map {
                Answer(label: Text($0.label), shown: $0.shown, origin: Text($0.origin))
            },
            supplement: application.supplement.map(Supplement.init),
            procedures: application.specialProcedures.map(Procedure.init),
            decision: application.decision.map {
                Decision(isGranted: $0.granted, reason: $0.reason, delivery: $0.delivery)
            },
            fee: application.fee.map {
                Fee(
                    number: $0.number, amountFen: $0.amountFen, label: $0.label, paidAt: $0.paidTime?.instant)
            },
            events: application.events.map {
                Event(time: .at($0.time), text: Text($0.text), note: $0.note, actor: $0.actorText)
            }, verbs: verbs,
            ruleChanges: application.ruleChanges.map {
                RuleChange(subject: Text($0.subject), old: $0.oldText, new: $0.newText)
            },
            bundleCase: application.bundleCase, certificate: application.certificate,
            canRate: application.canRate, rating: Int(application.rating),
            createdAt: .at(application.createTime), urgeCount: Int(application.urgeCount))
    }
}

extension ApplicationView.Supplement {
    init(_ supplement: OneStopV1.Supplement) {
        self.init(
            questions: supplement.questions, points: supplement.points, due: supplement.dueTime?.instant,
            isAnswered: supplement.answerTime != nil)
    }
}

extension ApplicationView.Procedure {
    init(_ run: OneStopV1.SpecialProcedureRun) {
        self.init(
            label: Text(run.kind), note: run.note, start: .at(run.startTime), end: run.endTime?.instant,
            result: run.result)
    }
}

extension Text {
    /// The name of a special procedure.
    init(_ kind: OneStopV1.SpecialProcedureKind) {
        switch kind {
        case .hearing: self.init("听证", "Hearing")
        case .expertReview: self.init("专家评审", "Expert review")
        case .exam: self.init("考试", "Exam")
        case .inspection: self.init("检验、检测、勘验", "Inspection")
        case .publication: self.init("公示", "Publication")
        case .unspecified, .unrecognized: self.init("特别程序", "Special procedure")
        }
    }
}

extension MandateView {
    init(_ mandate: OneStopV1.Mandate) {
        self.init(
            name: mandate.name, principal: mandate.principalText, agent: mandate.agentText,
            item: mandate.item,
            itemText: mandate.itemText, until: mandate.expireTime?.instant,
            isRevoked: mandate.revokeTime != nil,
            isGiven: mandate.given, isUsable: mandate.usable)
    }
}

extension BundleView {
    init(_ bundle: OneStopV1.Bundle) {
        self.init(
            name: bundle.name, title: Text(bundle.title), description: Text(bundle.description),
            parts: bundle.parts.map {
                Part(item: $0.item, itemText: $0.itemText, isOptional: $0.optional)
            })
    }
}

extension BundleCaseView {
    init(_ bundle: OneStopV1.BundleCase) {
        self.init(
            name: bundle.name, title: Text(bundle.title),
            parts: bundle.parts.map {
                Part(itemText: $0.itemText, application: $0.application, state: Text($0.stateText))
            }, createdAt: .at(bundle.createTime), summary: Text(bundle.summary))
    }
}
