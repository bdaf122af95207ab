#!/usr/bin/env bash
# Makes an AMI of the disk image: uploads it to a bucket, imports it as a snapshot, registers that. Prints the AMI's id.
# The image has no driver for EC2's network card (ENA) yet: an instance boots and cannot be reached.
# Needs the AWS CLI, a bucket, and the role `vmimport` (AWS: "Required service role").
#   packaging/aws/register.sh BUCKET [out/memcachier.raw] [NAME]
set -euo pipefail

bucket=${1:?usage: register.sh BUCKET [IMAGE] [NAME]}
image=${2:-out/memcachier.raw}
name=${3:-memcachier-$(sha256sum "$image" | cut -c 1-12)}
key=$name.raw

aws s3 cp --only-show-errors "$image" "s3://$bucket/$key"
task=$(aws ec2 import-snapshot --description "$name" --query ImportTaskId --output text \
    --disk-container "Format=RAW,UserBucket={S3Bucket=$bucket,S3Key=$key}")
echo "importing: $task" >&2
while true; do
    read -r status snapshot < <(aws ec2 describe-import-snapshot-tasks --import-task-ids "$task" --output text \
        --query 'ImportSnapshotTasks[0].SnapshotTaskDetail.[Status,SnapshotId]')
    case $status in
        completed) break ;;
        deleted | deleting)
            aws ec2 describe-import-snapshot-tasks --import-task-ids "$task" --output text \
                --query 'ImportSnapshotTasks[0].SnapshotTaskDetail.StatusMessage' >&2
            exit 1
            ;;
    esac
    sleep 5
done
aws s3 rm --only-show-errors "s3://$bucket/$key"

# ENA is the only card of the instance types that start by UEFI. IMDSv2: the image speaks no other version.
aws ec2 register-image --name "$name" --description "Memcachier, a memcached appliance" \
    --architecture x86_64 --virtualization-type hvm --boot-mode uefi-preferred --ena-support --imds-support v2.0 \
    --root-device-name /dev/xvda \
    --block-device-mappings "DeviceName=/dev/xvda,Ebs={SnapshotId=$snapshot,VolumeSize=1,VolumeType=gp3,DeleteOnTermination=true}" \
    --query ImageId --output text
