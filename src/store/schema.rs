//! The tables as diesel sees them; a test compares this file with both databases.
#![allow(missing_docs, reason = "columns are described in migrations and domain types")]

diesel::table! {
    settings (key) {
        key -> Text,
        value -> Text,
        updated_at -> BigInt,
        updated_by -> Nullable<Binary>,
    }
}

diesel::table! {
    calendars (version) {
        version -> BigInt,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    units (id) {
        id -> Binary,
        code -> Text,
        name -> Text,
        kind -> Text,
        area_code -> Text,
        active -> Bool,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        username -> Text,
        display_name -> Text,
        role -> Text,
        unit_id -> Nullable<Binary>,
        campaign -> Nullable<Text>,
        vice_head -> Nullable<Bool>,
        password_hash -> Text,
        password_changed_at -> BigInt,
        must_change_password -> Bool,
        disabled_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    former_passwords (seq) {
        seq -> BigInt,
        user_id -> Binary,
        password_hash -> Text,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary,
        token_digest -> Binary,
        user_id -> Binary,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
        agent -> Text,
    }
}

diesel::table! {
    sign_in_throttles (key) {
        key -> Text,
        failures -> Integer,
        last_failure_at -> BigInt,
        blocked_until -> BigInt,
    }
}

diesel::table! {
    campaigns (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        level -> Text,
        honour_name -> Text,
    }
}

diesel::table! {
    point_types (code) {
        code -> Text,
        name_zh -> Text,
        name_en -> Text,
        observation_unit -> Text,
        look_first -> Text,
        radius_m -> Integer,
    }
}

diesel::table! {
    items (code) {
        code -> Text,
        campaign -> Text,
        title_zh -> Text,
        title_en -> Text,
        point_types -> Text,
        weight -> Integer,
        veto -> Bool,
        time_limit -> Nullable<Text>,
        limit_note -> Text,
        chips -> Text,
        source -> Text,
        fault_zh -> Nullable<Text>,
        photo_required_since -> Nullable<BigInt>,
    }
}

diesel::table! {
    points (id) {
        id -> Binary,
        code -> Text,
        name -> Text,
        point_type -> Text,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        radius_m -> Integer,
        campaigns -> Text,
        is_demo -> Bool,
        lead_unit_id -> Binary,
        territorial_unit_id -> Nullable<Binary>,
        area_code -> Text,
        address -> Text,
        active -> Bool,
    }
}

diesel::table! {
    duties (id) {
        id -> Binary,
        place -> Text,
        subject -> Text,
        point_id -> Nullable<Binary>,
        item_code -> Nullable<Text>,
        category -> Nullable<Text>,
        role -> Text,
        unit_id -> Binary,
        valid_from -> Text,
        valid_to -> Text,
    }
}

diesel::table! {
    blobs (seq) {
        seq -> BigInt,
        sha256 -> Binary,
        size_bytes -> BigInt,
        media_type -> Text,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        orientation -> Integer,
        exif -> Text,
        fingerprint -> Nullable<BigInt>,
        rendered_at -> Nullable<BigInt>,
        render_error -> Nullable<Text>,
        scrubbed_at -> BigInt,
        created_at -> BigInt,
        indexed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    fingerprint_bands (band_key, fingerprint) {
        band_key -> BigInt,
        fingerprint -> BigInt,
        noted_at -> BigInt,
    }
}

diesel::table! {
    unit_fingerprint_bands (unit_id, band_key, fingerprint) {
        unit_id -> Binary,
        band_key -> BigInt,
        fingerprint -> BigInt,
        noted_at -> BigInt,
    }
}

diesel::table! {
    photos (id) {
        id -> Binary,
        sha256 -> Binary,
        uploader_id -> Binary,
        received_at -> BigInt,
        claimed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    issues (seq) {
        seq -> BigInt,
        id -> Binary,
        number -> Nullable<Text>,
        version -> BigInt,
        public_version -> BigInt,
        state -> Text,
        round -> Integer,
        source -> Text,
        severity -> Text,
        reported_severity -> Nullable<Text>,
        campaign -> Text,
        item_code -> Text,
        point_id -> Binary,
        area_code -> Text,
        unit_id -> Nullable<Binary>,
        finder_id -> Binary,
        visit_id -> Nullable<Binary>,
        description -> Text,
        captured_at -> BigInt,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        accuracy_m -> Nullable<Double>,
        received_at -> BigInt,
        submitted_at -> Nullable<BigInt>,
        approved_by -> Nullable<Binary>,
        approved_at -> Nullable<BigInt>,
        released_by -> Nullable<Binary>,
        released_at -> Nullable<BigInt>,
        urgent -> Bool,
        assigned_at -> Nullable<BigInt>,
        final_assignment -> Bool,
        time_limit -> Nullable<Text>,
        clock_started_at -> Nullable<BigInt>,
        round_limit -> Nullable<Text>,
        due_fixed -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
        due_order -> BigInt,
        calendar_version -> Nullable<BigInt>,
        handler -> Nullable<Text>,
        signed_in_at -> Nullable<BigInt>,
        unclaimed -> Bool,
        reminders -> Nullable<Integer>,
        fixed_by -> Nullable<Binary>,
        reported_at -> Nullable<BigInt>,
        fix_counted_at -> Nullable<BigInt>,
        measure -> Nullable<Text>,
        remedy -> Nullable<Text>,
        checker_id -> Nullable<Binary>,
        closed_by -> Nullable<Binary>,
        closed_at -> Nullable<BigInt>,
        closed_on_site -> Nullable<Bool>,
        desk_reason -> Nullable<Text>,
        on_time -> Nullable<Bool>,
        look_back_inspector_id -> Nullable<Binary>,
        parent_id -> Nullable<Binary>,
        chain_no -> Integer,
        look_back_of -> Nullable<Binary>,
        duplicate_of -> Nullable<Binary>,
        rejection -> Nullable<Text>,
        confirmation -> Nullable<Text>,
        plan -> Nullable<Text>,
        body_digest -> Nullable<Binary>,
    }
}

diesel::table! {
    issue_photos (issue_id, photo_id) {
        issue_id -> Binary,
        photo_id -> Binary,
        stage -> Text,
        round -> Integer,
        view -> Text,
        position -> Integer,
        captured_at -> Nullable<BigInt>,
        expected_sha256 -> Nullable<Binary>,
        marks -> Nullable<Text>,
    }
}

diesel::table! {
    issue_flags (seq) {
        seq -> BigInt,
        issue_id -> Binary,
        code -> Text,
        subject -> Text,
        detail -> Text,
        photo_id -> Nullable<Binary>,
        refers_to_issue -> Nullable<Binary>,
        refers_to_photo -> Nullable<Binary>,
        raised_at -> BigInt,
    }
}

diesel::table! {
    issue_returns (issue_id, unit_id) {
        issue_id -> Binary,
        unit_id -> Binary,
        returned_at -> BigInt,
        reason -> Text,
        proposed_unit_id -> Nullable<Binary>,
        founded -> Nullable<Bool>,
    }
}

diesel::table! {
    issue_requests (id) {
        id -> Binary,
        issue_id -> Binary,
        position -> Integer,
        kind -> Text,
        state -> Text,
        unit_id -> Binary,
        filed_by -> Binary,
        filed_at -> BigInt,
        reason -> Text,
        until -> Nullable<BigInt>,
        plan -> Nullable<Text>,
        first_vote -> Nullable<Text>,
        decided_by -> Nullable<Binary>,
        decided_at -> Nullable<BigInt>,
        decision_reason -> Nullable<Text>,
    }
}

diesel::table! {
    issue_pauses (issue_id, position) {
        issue_id -> Binary,
        position -> Integer,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        reason -> Text,
        approved_by -> Binary,
    }
}

diesel::table! {
    issue_events (seq) {
        seq -> BigInt,
        issue_id -> Binary,
        version -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        actor_role -> Nullable<Text>,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        reason -> Nullable<Text>,
        photos -> Text,
        changes -> Text,
    }
}

diesel::table! {
    step_keys (actor_id, step_key) {
        actor_id -> Binary,
        step_key -> Binary,
        issue_id -> Binary,
        version -> BigInt,
        digest -> Binary,
    }
}

diesel::table! {
    audit (seq) {
        seq -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        actor_role -> Nullable<Text>,
        action -> Text,
        target -> Text,
        outcome -> Text,
        detail -> Text,
        request_id -> Text,
    }
}

diesel::table! {
    denials (seq) {
        seq -> BigInt,
        after_seq -> BigInt,
        hour -> BigInt,
        origin -> Text,
        route -> Text,
        times -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        actor_role -> Nullable<Text>,
        action -> Text,
        target -> Text,
        outcome -> Text,
        detail -> Text,
        request_id -> Text,
    }
}

diesel::table! {
    complaints (id) {
        id -> Binary,
        author_id -> Binary,
        kind -> Text,
        body -> Text,
        named -> Bool,
        filed_at -> BigInt,
        answered_at -> Nullable<BigInt>,
        answered_by -> Nullable<Binary>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    saved_views (id) {
        id -> Binary,
        name -> Text,
        query -> Text,
        saved_by -> Binary,
        saved_at -> BigInt,
    }
}

diesel::table! {
    visits (id) {
        id -> Binary,
        point_id -> Binary,
        inspector_id -> Binary,
        began_at -> BigInt,
        ended_at -> BigInt,
        lat -> Nullable<Double>,
        lon -> Nullable<Double>,
        accuracy_m -> Nullable<Double>,
        checklist -> Text,
        interviews -> Text,
        received_at -> BigInt,
        body_digest -> Binary,
        batch_id -> Nullable<Binary>,
        task_number -> Nullable<Integer>,
        clock_set_back -> Nullable<BigInt>,
    }
}

diesel::table! {
    batches (id) {
        id -> Binary,
        version -> BigInt,
        state -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    batch_events (seq) {
        seq -> BigInt,
        batch_id -> Binary,
        version -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        reason -> Nullable<Text>,
        changes -> Text,
    }
}

diesel::table! {
    draws (batch_id, attempt) {
        batch_id -> Binary,
        attempt -> Integer,
        secret -> Binary,
        commitment -> Text,
        pool -> Text,
        rules -> Text,
        nonce -> Nullable<Binary>,
        outcome -> Nullable<Text>,
        redraws -> Text,
    }
}

diesel::table! {
    draw_inspectors (batch_id, attempt, inspector_key) {
        batch_id -> Binary,
        attempt -> Integer,
        inspector_key -> Binary,
        user_id -> Binary,
    }
}

diesel::table! {
    tasks (batch_id, number) {
        batch_id -> Binary,
        number -> Integer,
        point_id -> Binary,
        from_at -> BigInt,
        to_at -> BigInt,
        dropped -> Bool,
    }
}

diesel::table! {
    task_inspectors (batch_id, number, place) {
        batch_id -> Binary,
        number -> Integer,
        place -> Integer,
        user_id -> Binary,
        code_name -> Text,
    }
}

diesel::table! {
    recused_points (inspector_id, point_id) {
        inspector_id -> Binary,
        point_id -> Binary,
    }
}

diesel::table! {
    recused_units (inspector_id, unit_id) {
        inspector_id -> Binary,
        unit_id -> Binary,
    }
}

diesel::table! {
    visit_results (visit_id, position) {
        visit_id -> Binary,
        position -> Integer,
        item_code -> Text,
        result -> Text,
        note -> Text,
        issue_id -> Nullable<Binary>,
        permitted_by -> Nullable<Text>,
    }
}

diesel::table! {
    visit_doubts (visit_id, code) {
        visit_id -> Binary,
        code -> Text,
        detail -> Text,
        raised_at -> BigInt,
    }
}

diesel::table! {
    capture_nonces (nonce) {
        nonce -> Binary,
        supply_id -> Binary,
        inspector_id -> Binary,
        issued_at -> BigInt,
        used_for -> Nullable<Binary>,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    unit_people (unit_id, duty, from_day) {
        unit_id -> Binary,
        duty -> Text,
        from_day -> Text,
        person -> Text,
        phone -> Text,
        changed_by -> Binary,
        changed_at -> BigInt,
    }
}

diesel::table! {
    pairings (id) {
        id -> Binary,
        leader_id -> Binary,
        unit_id -> Nullable<Binary>,
        point_id -> Nullable<Binary>,
        from_day -> Text,
        to_day -> Nullable<Text>,
        changed_by -> Binary,
        changed_at -> BigInt,
    }
}

diesel::table! {
    leader_notes (id) {
        id -> Binary,
        leader_id -> Binary,
        pairing_id -> Binary,
        unit_id -> Binary,
        issue_id -> Nullable<Binary>,
        note -> Text,
        written_at -> BigInt,
    }
}

diesel::table! {
    repeat_draws (id) {
        id -> Binary,
        population -> Integer,
        until_at -> BigInt,
        proof -> Text,
        digest -> Binary,
        drawn_at -> BigInt,
    }
}

diesel::table! {
    repeats (visit_id) {
        visit_id -> Binary,
        draw_id -> Binary,
        batch_id -> Binary,
        number -> Nullable<Integer>,
        state -> Text,
    }
}

diesel::table! {
    visit_photos (visit_id, result, position) {
        visit_id -> Binary,
        result -> Integer,
        position -> Integer,
        photo_id -> Binary,
    }
}

diesel::table! {
    map_images (slot) {
        slot -> Integer,
        bytes -> Binary,
        sha256 -> Binary,
        media_type -> Text,
        width -> Integer,
        height -> Integer,
        corners -> Text,
        crs -> Text,
        changed_at -> BigInt,
        changed_by -> Binary,
    }
}

diesel::table! {
    jobs (id) {
        id -> Binary,
        kind -> Text,
        dedupe_key -> Nullable<Text>,
        payload -> Text,
        run_at -> BigInt,
        attempts -> Integer,
        claimed_by -> Nullable<Binary>,
        claimed_until -> BigInt,
        stuck_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    outbox (seq) {
        seq -> BigInt,
        aggregate -> Text,
        body -> Text,
        created_at -> BigInt,
        attempts -> Integer,
        retry_at -> Nullable<BigInt>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    notice_recipients (recipient) {
        recipient -> Text,
        last_seq -> BigInt,
    }
}

diesel::table! {
    notices (id) {
        id -> Binary,
        recipient -> Text,
        seq -> BigInt,
        kind -> Text,
        issue_id -> Binary,
        occasion -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    notice_marks (user_id, recipient) {
        user_id -> Binary,
        recipient -> Text,
        read_through -> BigInt,
    }
}

diesel::table! {
    notice_mutes (user_id, kind) {
        user_id -> Binary,
        kind -> Text,
    }
}

diesel::table! {
    long_jobs (id) {
        id -> Binary,
        kind -> Text,
        owner_id -> Binary,
        state -> Text,
        request -> Text,
        digest -> Binary,
        done -> BigInt,
        total -> Nullable<BigInt>,
        resume -> Nullable<Text>,
        pieces -> Integer,
        size_bytes -> BigInt,
        error -> Nullable<Text>,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    long_job_pieces (job_id, position) {
        job_id -> Binary,
        position -> Integer,
        bytes -> Binary,
    }
}

diesel::table! {
    issue_index_todo (id) {
        id -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    issue_index_docs (seq) {
        seq -> BigInt,
        id -> Binary,
        state -> Text,
        round -> Integer,
        severity -> Text,
        campaign -> Text,
        item_code -> Text,
        point_id -> Binary,
        unit_id -> Nullable<Binary>,
        finder_id -> Binary,
        checker_id -> Nullable<Binary>,
        look_back_inspector_id -> Nullable<Binary>,
        received_at -> BigInt,
        released_at -> Nullable<BigInt>,
        due_order -> BigInt,
        flagged -> Bool,
        pending -> Text,
        words -> Text,
        area_code -> Text,
        handler -> Text,
        is_rebound -> Bool,
        reminders -> Integer,
        on_time -> Nullable<Bool>,
        closed_at -> Nullable<BigInt>,
        days_open -> Nullable<Integer>,
    }
}

diesel::table! {
    issue_index_terms (term, chunk) {
        term -> Text,
        chunk -> Integer,
        bits -> Binary,
    }
}

diesel::table! {
    issue_index_chunks (chunk) {
        chunk -> Integer,
        version -> BigInt,
    }
}

diesel::table! {
    change_counts (topic) {
        topic -> Text,
        count -> BigInt,
    }
}

diesel::table! {
    unlisted_places (point_id) {
        point_id -> Binary,
        issue_id -> Binary,
        name -> Text,
        address -> Text,
        reported_at -> BigInt,
        settled_at -> Nullable<BigInt>,
        settled_by -> Nullable<Binary>,
        merged_into -> Nullable<Binary>,
    }
}

diesel::table! {
    month_rules (version) {
        version -> BigInt,
        body -> Text,
        source -> Text,
        made_by -> Binary,
        made_at -> BigInt,
    }
}

diesel::table! {
    unit_groups (unit_id) {
        unit_id -> Binary,
        peer_group -> Text,
        is_township -> Bool,
    }
}

diesel::table! {
    months (month) {
        month -> Text,
        version -> BigInt,
        state -> Text,
        body -> Text,
        gathered_at -> BigInt,
        calendar_version -> BigInt,
        rules_version -> BigInt,
        counts_sudden -> Bool,
        snapshot_sha256 -> Binary,
        results_sha256 -> Binary,
        cutoff_at -> Nullable<BigInt>,
        issue_events_until -> Nullable<BigInt>,
        card_events_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    month_events (seq) {
        seq -> BigInt,
        month -> Text,
        version -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        action -> Text,
        body -> Text,
        gathering -> Nullable<Text>,
    }
}

diesel::table! {
    month_pieces (sha256, position) {
        sha256 -> Binary,
        position -> Integer,
        bytes -> Binary,
    }
}

diesel::table! {
    month_adjustments (id) {
        id -> Binary,
        unit_id -> Binary,
        of_month -> Text,
        in_month -> Text,
        points -> Text,
        reason -> Text,
        document_no -> Text,
        made_by -> Binary,
        made_at -> BigInt,
    }
}

diesel::table! {
    commendations (id) {
        id -> Binary,
        unit_id -> Binary,
        in_month -> Text,
        given_on -> Text,
        title -> Text,
        document_no -> Text,
        made_by -> Binary,
        made_at -> BigInt,
    }
}

diesel::table! {
    ledger_entries (id) {
        id -> Binary,
        entry_key -> Text,
        month -> Text,
        unit_id -> Binary,
        version -> BigInt,
        state -> Text,
        body -> Text,
    }
}

diesel::table! {
    ledger_events (seq) {
        seq -> BigInt,
        entry_id -> Binary,
        version -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        action -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    year_adjustments (id) {
        id -> Binary,
        unit_id -> Binary,
        year -> Integer,
        points -> Text,
        reason -> Text,
        document_no -> Text,
        made_by -> Binary,
        made_at -> BigInt,
    }
}

diesel::table! {
    look_back_samples (id) {
        id -> Binary,
        kind -> Text,
        period -> Text,
        population -> Integer,
        until_at -> BigInt,
        proof -> Text,
        digest -> Binary,
        drawn_by -> Nullable<Binary>,
        drawn_at -> BigInt,
    }
}

diesel::table! {
    look_back_people (sample_id, inspector_key) {
        sample_id -> Binary,
        inspector_key -> Binary,
        user_id -> Binary,
    }
}

diesel::table! {
    look_back_rows (sample_id, number) {
        sample_id -> Binary,
        number -> Integer,
        issue_id -> Binary,
        reason -> Text,
        inspector_id -> Nullable<Binary>,
        on_day -> Text,
        part -> Text,
        give_at -> BigInt,
        until_at -> Nullable<BigInt>,
        state -> Text,
        settled_at -> Nullable<BigInt>,
        given_version -> Nullable<BigInt>,
    }
}

diesel::table! {
    cards (id) {
        id -> Binary,
        key -> Text,
        version -> BigInt,
        state -> Text,
        measure -> Text,
        unit_id -> Binary,
        issue_id -> Nullable<Binary>,
        proposed_at -> BigInt,
        issued_at -> Nullable<BigInt>,
        body -> Text,
    }
}

diesel::table! {
    card_events (seq) {
        seq -> BigInt,
        card_id -> Binary,
        version -> BigInt,
        at -> BigInt,
        actor_id -> Nullable<Binary>,
        action -> Text,
        from_state -> Nullable<Text>,
        to_state -> Text,
        reason -> Nullable<Text>,
        changes -> Text,
    }
}

diesel::table! {
    accountability_cases (id) {
        id -> Binary,
        unit_id -> Binary,
        issue_id -> Nullable<Binary>,
        person -> Text,
        kind -> Text,
        reason -> Text,
        document_no -> Text,
        on_day -> Text,
        proposed_by -> Binary,
        proposed_at -> BigInt,
        approved_by -> Nullable<Binary>,
        approved_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    follow_up_watches (issue_id) {
        issue_id -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    choke_points (issue_id) {
        issue_id -> Binary,
        rank -> Integer,
        due_at -> BigInt,
    }
}

diesel::table! {
    assessments (id) {
        id -> Binary,
        version -> BigInt,
        name -> Text,
        campaign -> Text,
        kind -> Text,
        month_from -> Text,
        month_to -> Text,
        changed_by -> Binary,
        changed_at -> BigInt,
    }
}

diesel::table! {
    schedules (id) {
        id -> Binary,
        version -> BigInt,
        name -> Text,
        assessment_id -> Nullable<Binary>,
        end_day -> Text,
        tasks -> Text,
        changed_by -> Binary,
        changed_at -> BigInt,
    }
}

diesel::table! {
    issue_milestones (issue_id, position) {
        issue_id -> Binary,
        position -> Integer,
        milestone -> Text,
        due -> Text,
        reached_on -> Nullable<Text>,
        ended_on -> Nullable<Text>,
    }
}

diesel::table! {
    issue_needs (issue_id, need) {
        issue_id -> Binary,
        need -> Text,
        unit_id -> Binary,
        note -> Text,
        noted_by -> Binary,
        noted_at -> BigInt,
    }
}

diesel::table! {
    item_efforts (item_code, point_type) {
        item_code -> Text,
        point_type -> Text,
        effort -> Integer,
    }
}

diesel::table! {
    visit_scores (visit_id) {
        visit_id -> Binary,
        point_id -> Binary,
        began_at -> BigInt,
        sudden -> Bool,
        numerator -> BigInt,
        denominator -> BigInt,
        vetoed -> Bool,
    }
}

diesel::table! {
    visit_losses (visit_id, item_code) {
        visit_id -> Binary,
        item_code -> Text,
        point_type -> Text,
        point_id -> Binary,
        issue_id -> Nullable<Binary>,
        began_at -> BigInt,
        sudden -> Bool,
        lost_halves -> BigInt,
    }
}

diesel::table! {
    gap_cells (month, item_code, point_type) {
        month -> Text,
        item_code -> Text,
        point_type -> Text,
        observed -> BigInt,
        lost_halves -> BigInt,
        sudden_observed -> BigInt,
        sudden_lost_halves -> BigInt,
    }
}

diesel::table! {
    point_heads (point_id, from_day) {
        point_id -> Binary,
        from_day -> Text,
        to_day -> Nullable<Text>,
        person -> Text,
        unit_id -> Binary,
        changed_by -> Binary,
        changed_at -> BigInt,
    }
}

diesel::table! {
    permitted_zones (id) {
        id -> Binary,
        version -> BigInt,
        body -> Text,
        unit_id -> Binary,
        changed_by -> Binary,
        changed_at -> BigInt,
    }
}

diesel::table! {
    identity_keepers (user_id) {
        user_id -> Binary,
        named_by -> Binary,
        named_at -> BigInt,
    }
}

diesel::table! {
    name_requests (id) {
        id -> Binary,
        batch_id -> Binary,
        code_name -> Text,
        reason -> Text,
        asked_by -> Binary,
        asked_at -> BigInt,
        answered_by -> Nullable<Binary>,
        answered_at -> Nullable<BigInt>,
        consented -> Nullable<Bool>,
        read_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    batch_step_keys (actor_id, step_key) {
        actor_id -> Binary,
        step_key -> Binary,
        batch_id -> Binary,
        digest -> Binary,
    }
}

diesel::table! {
    self_reports (id) {
        id -> Binary,
        unit_id -> Binary,
        point_id -> Binary,
        item_code -> Text,
        relapse_of -> Nullable<Binary>,
        description -> Text,
        state -> Text,
        reported_by -> Binary,
        reported_at -> BigInt,
        due_at -> BigInt,
        measure -> Nullable<Text>,
        fixed_by -> Nullable<Binary>,
        fixed_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<Binary>,
        decided_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    self_report_photos (self_report_id, stage, position) {
        self_report_id -> Binary,
        stage -> Text,
        position -> Integer,
        photo_id -> Binary,
    }
}

diesel::table! {
    own_look_backs (issue_id) {
        issue_id -> Binary,
        unit_id -> Binary,
        looked_by -> Binary,
        looked_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    settings,
    calendars,
    units,
    users,
    former_passwords,
    sessions,
    sign_in_throttles,
    campaigns,
    point_types,
    items,
    points,
    duties,
    blobs,
    fingerprint_bands,
    unit_fingerprint_bands,
    photos,
    issues,
    issue_photos,
    issue_flags,
    issue_returns,
    issue_requests,
    issue_pauses,
    issue_events,
    step_keys,
    batches,
    batch_events,
    draws,
    draw_inspectors,
    tasks,
    task_inspectors,
    recused_points,
    recused_units,
    visits,
    visit_results,
    visit_doubts,
    capture_nonces,
    unit_people,
    pairings,
    leader_notes,
    repeat_draws,
    repeats,
    visit_photos,
    audit,
    denials,
    complaints,
    map_images,
    saved_views,
    unlisted_places,
    jobs,
    outbox,
    notice_recipients,
    notices,
    notice_marks,
    notice_mutes,
    long_jobs,
    long_job_pieces,
    issue_index_todo,
    issue_index_docs,
    issue_index_terms,
    issue_index_chunks,
    change_counts,
    month_rules,
    unit_groups,
    months,
    month_events,
    month_pieces,
    month_adjustments,
    commendations,
    ledger_entries,
    ledger_events,
    year_adjustments,
    look_back_samples,
    look_back_people,
    look_back_rows,
    cards,
    card_events,
    accountability_cases,
    follow_up_watches,
    choke_points,
    assessments,
    schedules,
    issue_milestones,
    issue_needs,
    item_efforts,
    visit_scores,
    visit_losses,
    gap_cells,
    point_heads,
    permitted_zones,
    identity_keepers,
    name_requests,
    batch_step_keys,
    self_reports,
    self_report_photos,
    own_look_backs
);
