# One Memcachier node. The image has no driver for EC2's network card (ENA) yet, so it boots and cannot be reached.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "image_id" {
  description = "What register.sh printed."
  type        = string
}

variable "instance_type" {
  type    = string
  default = "m7i.large"
}

variable "vpc_id" {
  type = string
}

variable "subnet_id" {
  type = string
}

variable "client_cidr" {
  description = "Who may use ports 11211 and 8080."
  type        = string
  default     = "10.0.0.0/8"
}

variable "user_data" {
  description = "Settings, docs/settings.md."
  type        = string
  default     = "#memcachier\nconn_limit: 4096\n"
}

resource "aws_security_group" "clients" {
  name_prefix = "memcachier-"
  description = "memcached and the management API"
  vpc_id      = var.vpc_id

  dynamic "ingress" {
    for_each = [11211, 8080]
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [var.client_cidr]
    }
  }
}

resource "aws_instance" "node" {
  ami                    = var.image_id
  instance_type          = var.instance_type
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.clients.id]
  user_data              = var.user_data

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  tags = {
    Name    = "memcachier"
    Service = "memcachier"
  }
}

output "address" {
  value = aws_instance.node.private_ip
}
